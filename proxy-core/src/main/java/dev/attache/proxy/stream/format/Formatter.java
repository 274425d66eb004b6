package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.ArrayList;
import java.util.List;

/**
 * A compiled format string: literals and commands in turn. What it makes are octets, one character
 * per byte. Immutable, any thread.
 */
public final class Formatter {

    private sealed interface Part {
        record Literal(String text) implements Part {}

        record Command(FormatCommand command) implements Part {}
    }

    private final String source;
    private final List<Part> parts;

    private Formatter(String source, List<Part> parts) {
        this.source = source;
        this.parts = parts;
    }

    /**
     * @throws IllegalArgumentException on unknown commands, bad arguments or stray {@code %}, in
     *     Envoy's words
     */
    public static Formatter parse(String format) {
        return parse(format, List.of());
    }

    /**
     * @param extensions command families asked before the built-in ones
     */
    public static Formatter parse(String format, List<CommandFactory> extensions) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at);
            if (c != '%') {
                literal.append(c);
                at++;
            } else if (at + 1 < format.length() && format.charAt(at + 1) == '%') {
                literal.append('%');
                at += 2;
            } else {
                if (!literal.isEmpty()) {
                    parts.add(new Part.Literal(Octets.of(literal.toString())));
                    literal.setLength(0);
                }
                CommandText command = CommandText.at(format, at);
                parts.add(new Part.Command(BuiltinCommands.create(command, extensions)));
                at = command.end();
            }
        }
        if (!literal.isEmpty()) {
            parts.add(new Part.Literal(Octets.of(literal.toString())));
        }
        return new Formatter(format, List.copyOf(parts));
    }

    /** How many literals and commands it consists of. */
    public int size() {
        return parts.size();
    }

    /** Missing values are {@code -}. */
    public String format(FormatContext context) {
        StringBuilder out = new StringBuilder(source.length() * 2);
        appendTo(out, context, "-");
        return out.toString();
    }

    /** Missing values are left out: headers, local reply bodies with {@code omit_empty_values}. */
    public String formatOmittingEmpty(FormatContext context) {
        StringBuilder out = new StringBuilder(source.length() * 2);
        appendTo(out, context, "");
        return out.toString();
    }

    public void appendTo(StringBuilder out, FormatContext context, String missing) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Part.Command(FormatCommand command)) {
                String text = command.text(context);
                out.append(text == null ? missing : text);
            } else {
                out.append(((Part.Literal) parts.get(i)).text);
            }
        }
    }

    /**
     * Appends a JSON value: of the command's type when the format is one command alone, otherwise a
     * string in which missing values are {@code missing}.
     *
     * @return false, with nothing appended, where that one command's value is missing
     */
    boolean appendJson(StringBuilder out, FormatContext context, String missing) {
        if (parts.size() == 1 && parts.getFirst() instanceof Part.Command single) {
            return single.command.appendJson(out, context);
        }
        out.append('"');
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Part.Command(FormatCommand command)) {
                String text = command.text(context);
                JsonText.escapeOctets(out, text == null ? missing : text);
            } else {
                JsonText.escapeOctets(out, ((Part.Literal) parts.get(i)).text);
            }
        }
        out.append('"');
        return true;
    }

    /** No commands in it: the same text for every stream. */
    public boolean isConstant() {
        for (Part part : parts) {
            if (part instanceof Part.Command) {
                return false;
            }
        }
        return true;
    }

    /** As it was written in the configuration. */
    public String source() {
        return source;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Formatter formatter && formatter.source.equals(source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return source;
    }
}
