package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMap;
import dev.attache.proxy.stream.format.FormatContext;
import org.jspecify.annotations.Nullable;

/** The names by which an expression comes to attributes. */
public enum AttributeRoot {
    REQUEST("request"),
    RESPONSE("response"),
    CONNECTION("connection"),
    UPSTREAM("upstream"),
    SOURCE("source"),
    DESTINATION("destination"),
    METADATA("metadata"),
    FILTER_STATE("filter_state"),
    UPSTREAM_FILTER_STATE("upstream_filter_state"),
    XDS("xds");

    private final String text;

    AttributeRoot(String text) {
        this.text = text;
    }

    /** The root of a name, or null. */
    public static @Nullable AttributeRoot of(String name) {
        for (AttributeRoot root : values()) {
            if (root.text.equals(name)) {
                return root;
            }
        }
        return null;
    }

    /**
     * An attribute by its name under this root, or null where there is none of that name.
     *
     * @param name octets
     */
    public @Nullable Attribute attribute(String name, NodeMessage node) {
        return switch (this) {
            case REQUEST -> RequestAttributes.find(name);
            case RESPONSE -> ResponseAttributes.find(name);
            case CONNECTION -> ConnectionAttributes.find(name);
            case UPSTREAM -> UpstreamAttributes.find(name);
            case SOURCE -> PeerAttributes.source(name);
            case DESTINATION -> PeerAttributes.destination(name);
            case METADATA -> null; // a message, of which fields are asked for
            case FILTER_STATE -> StateAttributes.find(name, false);
            case UPSTREAM_FILTER_STATE -> StateAttributes.find(name, true);
            case XDS -> XdsAttributes.find(name, node);
        };
    }

    /** All of it, for what is asked of it as a whole; null where there is none. */
    public @Nullable Object whole(FormatContext context, NodeMessage node) {
        return switch (this) {
            case METADATA -> new MetadataMessage(context.info().dynamicMetadata().snapshot());
            case UPSTREAM_FILTER_STATE ->
                    StateAttributes.upstream(context) == null ? null : map(context, node);
            default -> map(context, node);
        };
    }

    private CelMap map(FormatContext context, NodeMessage node) {
        return new AttributeMap(this, context, node);
    }
}
