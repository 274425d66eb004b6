package dev.attache.filters.http.grpc_json_transcoder.json;

import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.filters.http.grpc_json_transcoder.schema.WellKnown;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a {@code google.protobuf.Any}: what comes before {@code @type} waits for it. */
final class AnyBuilder {
    /** What waits for {@code @type}, beside its octets. */
    private static final int PRICE = 128;

    private static final String FOR_WELL_KNOWN = "Expect a \"value\" field for well-known types.";

    private final MessageBuilder holder;
    private final WireOut out;
    private final List<Runnable> waiting = new ArrayList<>();
    private long waitingHeld;
    private String typeUrl = "";
    private @Nullable MessageBuilder content;
    private boolean wellKnown;
    private boolean invalid;
    private int depth;

    AnyBuilder(MessageBuilder holder, WireOut out) {
        this.holder = holder;
        this.out = out;
    }

    private void later(int octets, Runnable event) {
        waiting.add(event);
        waitingHeld += PRICE + octets;
    }

    /** Octets of heap. */
    long held() {
        return waitingHeld + (content == null ? 0 : content.held());
    }

    private void complain(String why) {
        if (!invalid) {
            holder.invalidValue("Any", why);
            invalid = true;
        }
    }

    private String named(String name) {
        if (!wellKnown || depth != 1) {
            return name;
        }
        if (!name.equals("value")) {
            complain(FOR_WELL_KNOWN);
        }
        return "";
    }

    void startObject(String name) {
        depth++;
        MessageBuilder to = content;
        if (to == null) {
            later(name.length(), () -> startObject(name));
        } else {
            to.startObject(named(name));
        }
    }

    /** False where that was the end of the {@code Any}. */
    boolean endObject() {
        depth--;
        MessageBuilder to = content;
        if (to == null) {
            if (depth >= 0) {
                later(0, this::endObject);
            }
        } else if (depth >= 0 || !wellKnown) {
            to.endObject();
        }
        if (depth < 0) {
            write();
        }
        return depth >= 0;
    }

    void startList(String name) {
        depth++;
        MessageBuilder to = content;
        if (to == null) {
            later(name.length(), () -> startList(name));
        } else {
            to.startList(named(name));
        }
    }

    void endList() {
        depth--;
        MessageBuilder to = content;
        if (to == null) {
            later(0, this::endList);
        } else {
            to.endList();
        }
    }

    void value(String name, Scalar value) {
        MessageBuilder to = content;
        if (to == null) {
            if (depth == 0 && name.equals("@type")) {
                begin(value);
            } else {
                later(name.length() + value.text().length(), () -> value(name, value));
            }
        } else if (depth == 0 && wellKnown) {
            if (!name.equals("value")) {
                complain(FOR_WELL_KNOWN);
            }
            if (to.root().wellKnown().isScalar()) {
                to.wholeValue(value);
            } else if (!value.isNull()) {
                complain("Expect a JSON object.");
            }
        } else {
            to.value(name, value);
        }
    }

    private void begin(Scalar type) {
        try {
            typeUrl = type.toText();
        } catch (Unfit e) {
            holder.invalidValue("String", e.text());
            invalid = true;
            return;
        }
        MessageType resolved = holder.schema().resolve(typeUrl);
        if (resolved == null) {
            holder.invalidValue("Any", unresolved(typeUrl));
            invalid = true;
            return;
        }
        WellKnown kind = resolved.wellKnown();
        wellKnown = kind.isScalar() || kind == WellKnown.ANY || kind == WellKnown.STRUCT;
        MessageBuilder to = holder.inner(resolved);
        content = to;
        if (!wellKnown) {
            to.startObject("");
        }
        List<Runnable> before = List.copyOf(waiting);
        waiting.clear();
        waitingHeld = 0;
        depth = 0;
        before.forEach(Runnable::run);
    }

    /** As protobuf's resolver of types says it. */
    static String unresolved(String typeUrl) {
        int slash = typeUrl.lastIndexOf('/');
        return typeUrl.startsWith("type.googleapis.com/")
                ? "Invalid type URL, unknown type: " + typeUrl.substring(slash + 1)
                : "Invalid type URL, type URLs must be of the form"
                        + " 'type.googleapis.com/<typename>', got: "
                        + typeUrl;
    }

    private void write() {
        MessageBuilder from = content;
        if (from == null) {
            if (!waiting.isEmpty()) {
                complain("Missing @type for any field in " + holder.root().fullName());
            }
            return;
        }
        byte[] message = from.take();
        out.field(1, typeUrl);
        if (message != null && message.length > 0) {
            out.field(2, message);
        }
    }
}
