package dev.attache.agent.onboard.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A file of variables that a shell would source ({@code sidecar.env}, {@code cluster.env}), read
 * without a shell: assignments, quotes, escapes, comments, {@code export}, and variables that are
 * known already. Anything that a shell would run is an error which names the line. Used once, by
 * one thread.
 *
 * <p>Forms: POSIX shell command language, sections 2.2 (quoting) and 2.6.2 (parameters).
 */
public final class EnvFile {

    private static final String ENDS_WORD = " \t\r\n";
    private static final String OPERATORS = ";&|<>()`";

    private final String name;
    private final String text;
    private final UnaryOperator<String> known;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private int at;

    private EnvFile(String name, String text, UnaryOperator<String> known) {
        this.name = name;
        this.text = text;
        this.known = known;
    }

    /**
     * Reads a file.
     *
     * @param known variables that are there before, which values may name
     * @return what it sets, in its order
     * @throws IOException if it cannot be read, or a line of it needs a shell
     */
    public static Map<String, String> read(Path file, Map<String, String> known)
            throws IOException {
        return parse(file.toString(), Files.readString(file), known);
    }

    static Map<String, String> parse(String name, String text, Map<String, String> known)
            throws IOException {
        EnvFile file = new EnvFile(name, text, variable -> known.getOrDefault(variable, ""));
        file.document();
        return file.variables;
    }

    /** A value as {@code istioctl} writes it; read by a shell and by this class alike. */
    public static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }

    private void document() throws IOException {
        while (true) {
            skip(ENDS_WORD);
            if (at == text.length()) {
                return;
            }
            if (text.charAt(at) == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else {
                statement();
            }
        }
    }

    private void statement() throws IOException {
        String variable = variable();
        if (variable.equals("export") && at < text.length() && isOneOf(" \t")) {
            return; // the words behind it are read like others
        }
        if (variable.isEmpty() || at == text.length() || text.charAt(at) != '=') {
            if (!variable.isEmpty() && (at == text.length() || isOneOf(ENDS_WORD)) && exported()) {
                return;
            }
            throw error("is no assignment NAME=VALUE; commands are not run");
        }
        at++;
        variables.put(variable, value());
    }

    /** Whether the word stands behind {@code export}: it may do without a value. */
    private boolean exported() {
        int start = text.lastIndexOf('\n', at - 1) + 1;
        return text.substring(start, at).strip().startsWith("export ");
    }

    private String variable() {
        int start = at;
        while (at < text.length() && isNameCharacter(text.charAt(at), at > start)) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isNameCharacter(char c, boolean later) {
        return c == '_'
                || c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || later && c >= '0' && c <= '9';
    }

    private String value() throws IOException {
        StringBuilder value = new StringBuilder();
        if (at < text.length() && text.charAt(at) == '~') {
            throw error("begins a value with ~, which a shell would replace; write the directory");
        }
        while (at < text.length() && !isOneOf(ENDS_WORD)) {
            char c = text.charAt(at);
            if (OPERATORS.indexOf(c) >= 0) {
                throw error("has " + c + " outside of quotes; quote the value");
            }
            at++;
            switch (c) {
                case '\'' -> value.append(single());
                case '"' -> twofold(value);
                case '$' -> value.append(parameter());
                case '\\' -> escaped(value);
                default -> value.append(c);
            }
        }
        return value.toString();
    }

    private void escaped(StringBuilder value) throws IOException {
        if (at == text.length()) {
            throw error("ends with a backslash");
        }
        char c = text.charAt(at++);
        if (c != '\n') {
            value.append(c);
        }
    }

    private String single() throws IOException {
        int end = text.indexOf('\'', at);
        if (end < 0) {
            throw error("has a quote ' that is not closed");
        }
        String quoted = text.substring(at, end);
        at = end + 1;
        return quoted;
    }

    private void twofold(StringBuilder value) throws IOException {
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case '"' -> {
                    return;
                }
                case '`' -> throw error("has a command in backquotes; commands are not run");
                case '$' -> value.append(parameter());
                case '\\' -> escapedInQuotes(value);
                default -> value.append(c);
            }
        }
        at = start;
        throw error("has a quote \" that is not closed");
    }

    private void escapedInQuotes(StringBuilder value) {
        char c = at < text.length() ? text.charAt(at) : '"';
        if ("\"\\$`".indexOf(c) >= 0) {
            value.append(c);
            at++;
        } else if (c == '\n') {
            at++;
        } else {
            value.append('\\');
        }
    }

    /** Behind the dollar sign. */
    private String parameter() throws IOException {
        if (at < text.length() && text.charAt(at) == '{') {
            return inBraces();
        }
        if (at < text.length() && (text.charAt(at) == '(' || text.charAt(at) == '\'')) {
            throw error("has $" + text.charAt(at) + ", which needs a shell");
        }
        String variable = variable();
        return variable.isEmpty() ? "$" : lookUp(variable);
    }

    private String inBraces() throws IOException {
        int end = text.indexOf('}', at);
        if (end < 0) {
            throw error("has ${ that is not closed");
        }
        at++;
        String variable = variable();
        String rest = text.substring(at, end);
        String found = lookUp(variable);
        boolean otherwise = rest.startsWith(":-") && found.isEmpty();
        if (variable.isEmpty() || !rest.isEmpty() && !rest.matches(":-[^$`'\"\\\\{]*")) {
            throw error("has ${" + variable + rest + "}; ${NAME} and ${NAME:-word} can be read");
        }
        at = end + 1;
        return otherwise ? rest.substring(2) : found;
    }

    private String lookUp(String variable) {
        String here = variables.get(variable);
        return here == null ? known.apply(variable) : here;
    }

    private void skip(String characters) {
        while (at < text.length() && isOneOf(characters)) {
            at++;
        }
    }

    private boolean isOneOf(String characters) {
        return characters.indexOf(text.charAt(at)) >= 0;
    }

    private IOException error(String what) {
        int start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
        int end = text.indexOf('\n', start);
        long line = text.substring(0, start).chars().filter(c -> c == '\n').count() + 1;
        String shown = text.substring(start, end < 0 ? text.length() : end).strip();
        return new IOException(name + ", line " + line + ", " + what + ": " + shown);
    }
}
