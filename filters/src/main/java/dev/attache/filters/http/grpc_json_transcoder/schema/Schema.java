package dev.attache.filters.http.grpc_json_transcoder.schema;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a descriptor set declares. Immutable.
 *
 * @param messages by full name
 * @param services the methods of each by full name
 */
public record Schema(Map<String, MessageType> messages, Map<String, List<Method>> services) {

    /** What type URLs of messages begin with. */
    public static final String TYPE_URL_PREFIX = "type.googleapis.com/";

    /** The message that carries an HTTP body as it is. */
    public static final String HTTP_BODY = "google.api.HttpBody";

    public Schema {
        messages = Map.copyOf(messages);
        services = Map.copyOf(services);
    }

    /** By type URL, as {@code google.protobuf.Any} has it; null: there is none. */
    public @Nullable MessageType resolve(String typeUrl) {
        return typeUrl.startsWith(TYPE_URL_PREFIX)
                ? messages.get(typeUrl.substring(TYPE_URL_PREFIX.length()))
                : null;
    }

    /**
     * One method.
     *
     * @param rule {@code google.api.http} of its options; null: it has none
     */
    public record Method(
            String service,
            String name,
            MessageType input,
            MessageType output,
            boolean clientStreaming,
            boolean serverStreaming,
            @Nullable HttpRule rule) {

        public String fullName() {
            return service + "." + name;
        }

        /** Where gRPC has it. */
        public String path() {
            return "/" + service + "/" + name;
        }
    }
}
