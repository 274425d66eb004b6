package dev.attache.config.load;

import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.config.Diagnostics;
import dev.attache.config.load.tree.ConfigNode;
import java.util.Locale;

/** Words what is wrong where a writer is as Envoy does. */
final class FieldErrors {
    private final UnknownFieldPolicy unknownFields;
    private final Diagnostics diagnostics;
    private final MessageType root;
    private final FieldPath path;

    /**
     * @param root the type of the whole message
     * @param path where the writer is
     */
    FieldErrors(
            UnknownFieldPolicy unknownFields,
            Diagnostics diagnostics,
            MessageType root,
            FieldPath path) {
        this.unknownFields = unknownFields;
        this.diagnostics = diagnostics;
        this.root = root;
        this.path = path;
    }

    /** A key that is no field of the message at this place. */
    void unknownField(String key, MessageType type) {
        unknown(path.text(key), type, "no such field: '" + key + "'");
    }

    /** A value that does not fit the field at this place. */
    void report(ConfigNode node, FieldType field, BadValueException problem) {
        switch (field.kind()) {
            case MESSAGE, GROUP -> report(node, field.message(), problem);
            case ENUM -> report(node, "enum " + field.enumeration().fullName(), problem);
            default -> report(node, field.kind().name().toLowerCase(Locale.ROOT), problem);
        }
    }

    /** A value that does not fit the message at this place. */
    void report(ConfigNode node, MessageType type, BadValueException problem) {
        report(node, "message " + type.fullName(), problem);
    }

    private void report(ConfigNode node, String kind, BadValueException problem) {
        if (problem.unknown()) {
            unknown(path.text(), root, problem.text());
            return;
        }
        String place = path.withAnys();
        diagnostics.error(
                path.text(),
                "Unable to parse JSON as proto (INVALID_ARGUMENT: invalid JSON in "
                        + (place.isEmpty() ? root.fullName() : root.fullName() + " @ " + place)
                        + ": "
                        + kind
                        + ", near "
                        + node.line()
                        + ":"
                        + node.column()
                        + ": "
                        + problem.text()
                        + ")");
    }

    private void unknown(String at, MessageType type, String what) {
        String message =
                "Protobuf message (type "
                        + type.fullName()
                        + " reason INVALID_ARGUMENT: "
                        + what
                        + ") has unknown fields";
        switch (unknownFields) {
            case REJECT -> diagnostics.error(at, message);
            case WARN -> diagnostics.warning(at, message);
            case IGNORE -> {}
        }
    }
}
