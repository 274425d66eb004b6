package dev.attache.filters.http.grpc_json_transcoder.json;

import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weaves what path and query say into the message that the body says, at the end of the object that
 * it belongs to; what the body says too is the body's, but a repeated field has both.
 */
public final class Weaver implements JsonEvents {
    private static final double CLOSE = 32 * 1.1920928955078125e-7;

    private final JsonEvents to;
    private final Translation translation;
    private final boolean rejectCollisions;
    private final Woven root = new Woven(null);
    private final Deque<Woven> open = new ArrayDeque<>();

    /** Depth below what bindings reach. */
    private int beyond;

    private static final class Woven {
        final @Nullable FieldType field;
        final List<Bound> bindings = new ArrayList<>();

        /** Of the bindings, so that most fields of a body need no look at each. */
        final Set<String> names = new HashSet<>();

        final List<Woven> messages = new ArrayList<>();

        Woven(@Nullable FieldType field) {
            this.field = field;
        }

        @Nullable Woven message(String name) {
            for (Woven each : messages) {
                if (each.field != null && each.field.name().equals(name)) {
                    return each;
                }
            }
            return null;
        }
    }

    private record Bound(FieldType field, Scalar value) {}

    public Weaver(JsonEvents to, Translation translation, boolean rejectCollisions) {
        this.to = to;
        this.translation = translation;
        this.rejectCollisions = rejectCollisions;
    }

    /** Before anything is read. */
    public void bind(List<FieldType> path, String value) {
        Woven at = root;
        for (FieldType field : path.subList(0, path.size() - 1)) {
            Woven next = at.message(field.name());
            if (next == null) {
                next = new Woven(field);
                at.messages.add(next);
            }
            at = next;
        }
        at.bindings.add(new Bound(path.getLast(), Scalar.string(value)));
        at.names.add(path.getLast().name());
    }

    @Override
    public void startObject(String name) {
        to.startObject(name);
        if (open.isEmpty()) {
            open.push(root);
            return;
        }
        Woven woven = beyond == 0 ? open.element().message(name) : null;
        if (woven == null) {
            beyond++;
        } else {
            open.push(woven);
        }
    }

    @Override
    public void endObject() {
        if (beyond > 0) {
            beyond--;
        } else {
            weave(open.pop());
        }
        to.endObject();
    }

    @Override
    public void startList(String name) {
        to.startList(name);
        beyond++;
    }

    @Override
    public void endList() {
        to.endList();
        beyond--;
    }

    @Override
    public void value(String name, Scalar value) {
        if (beyond == 0 && !open.isEmpty() && !value.isNull()) {
            meet(name, value);
        }
        to.value(name, value);
    }

    private void weave(Woven at) {
        for (Bound bound : at.bindings) {
            to.value(bound.field.name(), bound.value);
        }
        at.bindings.clear();
        for (Woven message : at.messages) {
            if (message.field != null
                    && (!message.bindings.isEmpty() || !message.messages.isEmpty())) {
                to.startObject(message.field.name());
                weave(message);
                to.endObject();
            }
        }
        at.messages.clear();
    }

    private void meet(String name, Scalar inBody) {
        Woven at = open.element();
        if (!at.names.remove(name)) {
            return;
        }
        for (Bound bound : at.bindings) {
            if (bound.field.name().equals(name)) {
                if (bound.field.repeated()) {
                    to.value(name, bound.value);
                } else if (rejectCollisions) {
                    compare(name, inBody, bound.value);
                }
            }
        }
        at.bindings.removeIf(bound -> bound.field.name().equals(name));
    }

    private void compare(String name, Scalar inBody, Scalar bound) {
        String kind =
                switch (inBody.type()) {
                    case INT64 -> "int64";
                    case UINT64 -> "uint64";
                    case DOUBLE -> "double";
                    case BOOL -> "bool";
                    default -> "string";
                };
        try {
            if (!same(inBody, bound)) {
                translation.fail(
                        "The binding value "
                                + bound.shown()
                                + " of the field "
                                + name
                                + " is conflicting with the value "
                                + inBody.shown()
                                + " in the body.");
            }
        } catch (Unfit e) {
            translation.fail(
                    "Failed to convert binding value "
                            + name
                            + ":"
                            + bound.shown()
                            + " to "
                            + kind);
        }
    }

    /** Integers as Envoy compares them: what is bound is cut to 32 bits before. */
    private static boolean same(Scalar inBody, Scalar bound) throws Unfit {
        return switch (inBody.type()) {
            case INT64 -> (bound.toInt64() & 0xffffffffL) == inBody.whole();
            case UINT64 -> (bound.toUint64() & 0xffffffffL) == inBody.whole();
            case DOUBLE -> Math.abs((float) bound.toDouble() - (float) inBody.fraction()) < CLOSE;
            case BOOL -> bound.toBool() == (inBody.whole() == 1);
            default -> bound.toText().equals(inBody.text());
        };
    }
}
