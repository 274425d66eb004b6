package dev.attache.server.admin.http;

import java.util.List;
import java.util.function.Function;

/**
 * One path of the administration interface.
 *
 * @param mutating wants POST
 */
public record AdminEndpoint(
        String path,
        String help,
        boolean mutating,
        List<Parameter> parameters,
        Function<AdminRequest, ? extends AdminAnswer> handler) {

    /**
     * A query parameter, for the help and the form on the home page.
     *
     * @param choices empty = free text, or a check box for {@link Kind#FLAG}
     */
    public record Parameter(Kind kind, String name, String help, List<String> choices) {}

    /** How a parameter is asked for. */
    public enum Kind {
        FLAG,
        TEXT,
        CHOICE
    }

    public static Parameter flag(String name, String help) {
        return new Parameter(Kind.FLAG, name, help, List.of());
    }

    public static Parameter text(String name, String help) {
        return new Parameter(Kind.TEXT, name, help, List.of());
    }

    public static Parameter choice(String name, String help, String... choices) {
        return new Parameter(Kind.CHOICE, name, help, List.of(choices));
    }

    public static AdminEndpoint get(
            String path,
            String help,
            Function<AdminRequest, ? extends AdminAnswer> handler,
            Parameter... parameters) {
        return new AdminEndpoint(path, help, false, List.of(parameters), handler);
    }

    public static AdminEndpoint post(
            String path,
            String help,
            Function<AdminRequest, ? extends AdminAnswer> handler,
            Parameter... parameters) {
        return new AdminEndpoint(path, help, true, List.of(parameters), handler);
    }
}
