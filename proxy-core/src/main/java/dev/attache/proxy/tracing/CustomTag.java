package dev.attache.proxy.tracing;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.stream.format.json.DecimalText;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.type.tracing.v3.CustomTag}: what a span says besides. Immutable. */
public record CustomTag(String name, Source source) {

    /** Where its value comes from. */
    public sealed interface Source {

        /** The value; null or empty where there is nothing to say. */
        @Nullable String value(FormatContext about);
    }

    /** {@code literal}, and {@code environment}, which does not change either. */
    public record Literal(String text) implements Source {
        @Override
        public String value(FormatContext about) {
            return text;
        }
    }

    /** {@code request_header}. */
    public record Header(HeaderName header, String otherwise) implements Source {
        @Override
        public String value(FormatContext about) {
            Headers request = about.requestHeaders();
            return request == null ? otherwise : request.getOr(header, otherwise);
        }
    }

    /** {@code value}: a format. */
    public record Formatted(Formatter format) implements Source {
        @Override
        public String value(FormatContext about) {
            return format.formatOmittingEmpty(about);
        }
    }

    /** {@code metadata}: whose. */
    public enum Kind {
        REQUEST,
        ROUTE,
        CLUSTER,
        HOST
    }

    /** {@code metadata}; a value that is there is told, even an empty text. */
    public record OfMetadata(Kind kind, String namespace, List<String> path, String otherwise)
            implements Source {

        public OfMetadata {
            path = List.copyOf(path);
        }

        @Override
        public @Nullable String value(FormatContext about) {
            MetadataValue found = find(about.info());
            String text = found == null ? null : text(found);
            if (text != null) {
                return text;
            }
            return otherwise.isEmpty() ? null : otherwise;
        }

        private @Nullable MetadataValue find(StreamInfo info) {
            UpstreamInfo upstream = info.upstream();
            boolean hosted = upstream != null && upstream.host != null;
            return switch (kind) {
                case REQUEST -> info.dynamicMetadata().get(namespace, path);
                case ROUTE -> info.routeMetadata.get(namespace, path);
                case CLUSTER -> hosted ? info.clusterMetadata.get(namespace, path) : null;
                case HOST ->
                        upstream != null && hosted
                                ? upstream.hostMetadata.get(namespace, path)
                                : null;
            };
        }

        private static @Nullable String text(MetadataValue value) {
            return switch (value) {
                case MetadataValue.Text text -> Octets.of(text.value());
                case MetadataValue.Bool bool -> String.valueOf(bool.value());
                case MetadataValue.Number number -> DecimalText.general(number.value(), 6);
                case MetadataValue.Null ignored -> null;
                case MetadataValue.Struct struct -> Octets.of(JsonText.of(struct));
                case MetadataValue.Sequence sequence -> Octets.of(JsonText.of(sequence));
            };
        }
    }

    /** Says it, where there is something to say. */
    void apply(Span span, FormatContext about) {
        String value = told(about);
        if (value != null) {
            span.tag(name, value);
        }
    }

    /** What it says, or null where there is nothing to say. */
    public @Nullable String told(FormatContext about) {
        String value = source.value(about);
        boolean says = value != null && (!value.isEmpty() || source instanceof OfMetadata);
        return says ? value : null;
    }
}
