package dev.attache.proxy.stream.format;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code %COALESCE({"operators": ["A", {"command": "REQ", "param": "x", "max_length": 5}]})%}: the
 * first operator that has a value. Immutable.
 */
final class Coalesce {

    private static final String WHERE = " from lines 1-1";

    private Coalesce() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        return name.equals("COALESCE")
                ? of(operators(argument == null ? "" : argument), maxLength)
                : null;
    }

    private static FormatCommand of(List<FormatCommand> operators, int maxLength) {
        return new FormatCommand() {
            @Override
            public @Nullable String text(FormatContext context) {
                for (FormatCommand operator : operators) {
                    String text = operator.text(context);
                    if (text != null) {
                        return HeaderCommands.cut(text, maxLength);
                    }
                }
                return null;
            }

            @Override
            public boolean appendJson(StringBuilder out, FormatContext context) {
                if (maxLength >= 0) {
                    return FormatCommand.super.appendJson(out, context);
                }
                for (FormatCommand operator : operators) {
                    if (operator.appendJson(out, context)) {
                        return true;
                    }
                }
                return false;
            }
        };
    }

    private static List<FormatCommand> operators(String argument) {
        MetadataValue config;
        try {
            config = JsonReader.read(argument);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "COALESCE: failed to parse JSON configuration: " + e.getMessage(), e);
        }
        MetadataValue listed =
                config instanceof MetadataValue.Struct struct ? struct.get("operators") : null;
        if (listed == null) {
            throw new IllegalArgumentException(
                    "COALESCE: JSON configuration must contain 'operators' array");
        }
        if (!(listed instanceof MetadataValue.Sequence sequence)) {
            throw new IllegalArgumentException(
                    "COALESCE: 'operators' must be an array:" + missing("operators", "an array"));
        }
        if (sequence.values().isEmpty()) {
            throw new IllegalArgumentException("COALESCE: 'operators' array must not be empty");
        }
        List<FormatCommand> operators = new ArrayList<>();
        for (MetadataValue entry : sequence.values()) {
            try {
                operators.add(operator(entry));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "COALESCE: failed to parse operator at index "
                                + operators.size()
                                + ": "
                                + e.getMessage(),
                        e);
            }
        }
        return List.copyOf(operators);
    }

    private static FormatCommand operator(MetadataValue entry) {
        return switch (entry) {
            case MetadataValue.Text command -> command(command.value(), null, -1);
            case MetadataValue.Struct struct -> operator(struct);
            default ->
                    throw new IllegalArgumentException(
                            "operator entry must be either a string (command name) or an object"
                                    + " with 'command' field");
        };
    }

    private static FormatCommand operator(MetadataValue.Struct struct) {
        if (!(struct.get("command") instanceof MetadataValue.Text command)) {
            throw new IllegalArgumentException(
                    "operator object must have 'command' field:" + missing("command", "a string"));
        }
        MetadataValue param = struct.get("param");
        if (param != null && !(param instanceof MetadataValue.Text)) {
            throw new IllegalArgumentException(
                    "'param' field must be a string:" + missing("param", "a string"));
        }
        return command(
                command.value(),
                param instanceof MetadataValue.Text text ? text.value() : null,
                maxLength(struct.get("max_length")));
    }

    private static int maxLength(@Nullable MetadataValue value) {
        if (value == null) {
            return -1;
        }
        if (!(value instanceof MetadataValue.Number number)
                || number.value() != Math.rint(number.value())) {
            throw new IllegalArgumentException(
                    "'max_length' field must be an integer:" + missing("max_length", "an integer"));
        }
        if (number.value() <= 0) {
            throw new IllegalArgumentException("'max_length' must be a positive integer");
        }
        return (int) number.value();
    }

    private static String missing(String key, String type) {
        return " key '" + key + "' missing or not " + type + WHERE;
    }

    private static FormatCommand command(String name, @Nullable String param, int maxLength) {
        if (!CommandSyntax.isKnown(name)) {
            throw new IllegalArgumentException("unknown command: '" + name + "'");
        }
        return BuiltinCommands.create(new CommandText(name, param, maxLength, 0), List.of());
    }
}
