package dev.attache.filters.authorization;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code shadow_mode}: what would have become of a request or connection, in its filter state for
 * filters behind and for logs. Immutable.
 *
 * @param status of the answer; 0 = not said
 * @param headers of the answer to the client
 */
public record ShadowDecision(Decision.Outcome outcome, int status, List<HeaderEdit> headers)
        implements FilterState.Value {

    /** As Envoy's message prints itself: in the order of its fields. */
    @Override
    public String serializeAsString() {
        StringBuilder out = new StringBuilder("{");
        out.append("\"check_result\":\"").append(outcome).append('"');
        if (status != 0) {
            out.append(",\"status_code\":").append(status);
        }
        if (!headers.isEmpty()) {
            out.append(",\"response_headers\":").append(JsonText.of(shown()));
        }
        return out.append('}').toString();
    }

    @Override
    public MetadataValue.Struct typed() {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        fields.put("check_result", new MetadataValue.Text(outcome.name()));
        if (status != 0) {
            fields.put("status_code", new MetadataValue.Number(status));
        }
        if (!headers.isEmpty()) {
            fields.put("response_headers", shown());
        }
        return new MetadataValue.Struct(fields);
    }

    @Override
    public boolean hasFields() {
        return true;
    }

    private MetadataValue.Sequence shown() {
        List<MetadataValue> all = new ArrayList<>(headers.size());
        for (HeaderEdit header : headers) {
            Map<String, MetadataValue> field = new LinkedHashMap<>();
            field.put("key", new MetadataValue.Text(header.name()));
            field.put("value", new MetadataValue.Text(Octets.text(header.value())));
            all.add(new MetadataValue.Struct(field));
        }
        return new MetadataValue.Sequence(all);
    }

    @Override
    public @Nullable String field(String name) {
        return switch (name) {
            case "check_result" -> outcome.name();
            case "status_code" -> status == 0 ? null : String.valueOf(status);
            default -> null;
        };
    }

    @Override
    public @Nullable Long numberField(String name) {
        return status != 0 && name.equals("status_code") ? Long.valueOf(status) : null;
    }
}
