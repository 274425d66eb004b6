package dev.attache.proxy.network.tcp;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a tunnel was answered with, as filter state: a message. */
final class TunnelHeaders implements FilterState.Value {

    private final MetadataValue typed;

    TunnelHeaders(Headers headers) {
        List<MetadataValue> lines = new ArrayList<>(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            lines.add(
                    new MetadataValue.Struct(
                            Map.of(
                                    "key", new MetadataValue.Text(headers.name(i)),
                                    "value", new MetadataValue.Text(headers.value(i)))));
        }
        typed =
                new MetadataValue.Struct(
                        lines.isEmpty()
                                ? Map.of()
                                : Map.of("headers", new MetadataValue.Sequence(lines)));
    }

    @Override
    public String serializeAsString() {
        return JsonText.of(typed);
    }

    @Override
    public boolean isText() {
        return false;
    }

    @Override
    public MetadataValue typed() {
        return typed;
    }
}
