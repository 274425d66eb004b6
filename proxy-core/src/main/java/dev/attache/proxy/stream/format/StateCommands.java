package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Metadata and filter state: {@code %DYNAMIC_METADATA(ns:key)%}, {@code %FILTER_STATE(key:PLAIN)%}.
 */
final class StateCommands {

    private interface Source {
        @Nullable MetadataValue get(FormatContext context, String namespace, List<String> path);
    }

    private StateCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        return switch (name) {
            case "DYNAMIC_METADATA" ->
                    metadata(name, argument, maxLength, StateCommands::dynamicMetadata);
            case "CLUSTER_METADATA" ->
                    metadata(
                            name,
                            argument,
                            maxLength,
                            (c, n, p) -> octets(c.info().clusterMetadata.get(n, p)));
            case "UPSTREAM_METADATA" ->
                    metadata(
                            name,
                            argument,
                            maxLength,
                            (c, n, p) -> octets(hostMetadata(c).get(n, p)));
            case "METADATA" -> typedMetadata(name, argument, maxLength);
            case "FILTER_STATE" -> filterState(name, argument, maxLength, false);
            case "UPSTREAM_FILTER_STATE" -> filterState(name, argument, maxLength, true);
            default -> null;
        };
    }

    /** A request does not see what was said of its connection. */
    private static @Nullable MetadataValue dynamicMetadata(
            FormatContext context, String namespace, List<String> path) {
        StreamInfo info = context.info();
        MetadataValue own = info.dynamicMetadata().get(namespace, path);
        return octets(
                own != null || context.requestHeaders() != null
                        ? own
                        : info.downstream().dynamicMetadata().get(namespace, path));
    }

    private static Metadata hostMetadata(FormatContext context) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null ? Metadata.EMPTY : upstream.hostMetadata;
    }

    private static FormatCommand typedMetadata(
            String name, @Nullable String argument, int maxLength) {
        String all = argument == null ? "" : argument;
        int colon = all.indexOf(':');
        String type = colon < 0 ? all : all.substring(0, colon);
        String rest = colon < 0 ? "" : all.substring(colon + 1);
        Source source =
                switch (type) {
                    case "DYNAMIC" -> StateCommands::dynamicMetadata;
                    case "CLUSTER" -> (c, n, p) -> octets(c.info().clusterMetadata.get(n, p));
                    case "ROUTE" -> (c, n, p) -> octets(c.info().routeMetadata.get(n, p));
                    case "VIRTUAL_HOST" ->
                            (c, n, p) -> octets(c.info().virtualHostMetadata.get(n, p));
                    case "UPSTREAM_HOST" -> (c, n, p) -> octets(hostMetadata(c).get(n, p));
                    case "LISTENER" -> (c, n, p) -> octets(c.info().listenerMetadata.get(n, p));
                    case "LISTENER_FILTER_CHAIN" ->
                            (c, n, p) -> octets(c.info().filterChainMetadata.get(n, p));
                    default ->
                            throw new IllegalArgumentException(
                                    type + " is not supported type of metadata");
                };
        return metadata(name, rest, maxLength, source);
    }

    private static FormatCommand metadata(
            String name, @Nullable String argument, int maxLength, Source source) {
        String[] parts = (argument == null ? "" : argument).split(":", -1);
        String namespace = parts[0];
        List<String> path = List.of(Arrays.copyOfRange(parts, 1, parts.length));
        return new FormatCommand() {
            @Override
            public @Nullable String text(FormatContext context) {
                MetadataValue value = source.get(context, namespace, path);
                if (value == null || value == MetadataValue.Null.INSTANCE) {
                    return null;
                }
                String text =
                        value instanceof MetadataValue.Text plain
                                ? plain.value()
                                : JsonText.of(value);
                return HeaderCommands.cut(text, maxLength);
            }

            @Override
            public boolean appendJson(StringBuilder out, FormatContext context) {
                MetadataValue value = source.get(context, namespace, path);
                if (value == null || value == MetadataValue.Null.INSTANCE) {
                    return false;
                }
                if (value instanceof MetadataValue.Text text) {
                    JsonText.quoteOctets(out, HeaderCommands.cut(text.value(), maxLength));
                } else {
                    JsonText.append(out, value);
                }
                return true;
            }
        };
    }

    /** Metadata is text; what is logged are octets. */
    private static @Nullable MetadataValue octets(@Nullable MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text text when !Octets.isAscii(text.value()) ->
                    new MetadataValue.Text(Octets.of(text.value()));
            case MetadataValue.Struct struct -> {
                Map<String, MetadataValue> fields = new HashMap<>();
                struct.fields().forEach((key, field) -> fields.put(Octets.of(key), some(field)));
                yield new MetadataValue.Struct(fields);
            }
            case MetadataValue.Sequence sequence ->
                    new MetadataValue.Sequence(
                            sequence.values().stream().map(StateCommands::some).toList());
            case null, default -> value;
        };
    }

    private static MetadataValue some(MetadataValue value) {
        MetadataValue octets = octets(value);
        return octets == null ? value : octets;
    }

    private static FormatCommand filterState(
            String name, @Nullable String argument, int maxLength, boolean upstream) {
        String[] parts = (argument == null ? "" : argument).split(":", -1);
        if (parts[0].isEmpty()) {
            throw new IllegalArgumentException(
                    "Invalid filter state configuration, key cannot be empty.");
        }
        String form = parts.length > 1 && !parts[1].isEmpty() ? parts[1] : "TYPED";
        if (!form.equals("PLAIN") && !form.equals("TYPED") && !form.equals("FIELD")) {
            throw new IllegalArgumentException(
                    "Invalid filter state serialize type, only support PLAIN/TYPED/FIELD.");
        }
        boolean field = parts.length > 2 && !parts[2].isEmpty();
        if (form.equals("FIELD") != field) {
            throw new IllegalArgumentException(
                    "Invalid filter state serialize type, FIELD should be used with the field"
                            + " name.");
        }
        if (form.equals("TYPED")) {
            return new TypedState(parts[0], upstream, maxLength);
        }
        return context -> {
            FilterState.Value value = value(parts[0], upstream, context);
            if (value == null) {
                return null;
            }
            String text =
                    field
                            ? value.field(parts[2])
                            : value.isText() ? value.serializeAsString() : null;
            return text == null ? null : HeaderCommands.cut(text, maxLength);
        };
    }

    /** An object as JSON: its text is quoted, in JSON it is what it is. */
    private record TypedState(String key, boolean upstream, int maxLength)
            implements FormatCommand {

        @Override
        public @Nullable String text(FormatContext context) {
            FilterState.Value value = value(key, upstream, context);
            MetadataValue typed = value == null ? null : value.typed();
            if (value == null || typed == null) {
                return null;
            }
            boolean isText = typed instanceof MetadataValue.Struct;
            return HeaderCommands.cut(isText ? value.typedText() : JsonText.of(typed), maxLength);
        }

        @Override
        public boolean appendJson(StringBuilder out, FormatContext context) {
            FilterState.Value value = value(key, upstream, context);
            MetadataValue typed = value == null ? null : value.typed();
            if (typed != null) {
                JsonText.append(out, typed);
            }
            return typed != null;
        }
    }

    private static FilterState.@Nullable Value value(
            String key, boolean upstream, FormatContext context) {
        FilterState state = upstream ? upstreamState(context) : context.info().filterState();
        return state == null ? null : state.get(key);
    }

    private static @Nullable FilterState upstreamState(FormatContext context) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null ? null : upstream.filterState;
    }
}
