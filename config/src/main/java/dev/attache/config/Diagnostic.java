package dev.attache.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, or worth knowing, about a configuration.
 *
 * @param resource which resource, e.g. {@code bootstrap} or {@code listener 'ingress'}
 * @param fieldPath path from the resource's root in proto names, e.g. {@code
 *     filter_chains[0].filters[1].typed_config.stat_prefix}; empty for the resource as a whole
 * @param position where it stands in the file it was read from; null for resources off the wire
 * @param message what is wrong, in Envoy's words where Envoy has words for it
 * @param remedy what to do about it, if that is not obvious
 */
public record Diagnostic(
        Severity severity,
        String resource,
        String fieldPath,
        @Nullable SourcePosition position,
        String message,
        @Nullable String remedy) {

    /** An error without a known position. */
    public static Diagnostic error(String resource, String fieldPath, String message) {
        return new Diagnostic(Severity.ERROR, resource, fieldPath, null, message, null);
    }

    /** A warning without a known position. */
    public static Diagnostic warning(String resource, String fieldPath, String message) {
        return new Diagnostic(Severity.WARNING, resource, fieldPath, null, message, null);
    }

    /** File of the position, or null. */
    public @Nullable String file() {
        return position == null ? null : position.file();
    }

    /** Line of the position counted from one, or 0 if unknown. */
    public int line() {
        return position == null ? 0 : position.line();
    }

    /** Column of the position counted from one, or 0 if unknown. */
    public int column() {
        return position == null ? 0 : position.column();
    }

    /** One line for logs and terminals: position, resource, path, message, remedy. */
    public String render() {
        StringBuilder text = new StringBuilder();
        if (position != null) {
            text.append(position).append(": ");
        }
        if (!resource.isEmpty()) {
            text.append(resource).append(": ");
        }
        return text.append(reason()).toString();
    }

    /** Path, message and remedy, for a reader who knows the resource. */
    public String reason() {
        StringBuilder text = new StringBuilder();
        if (!fieldPath.isEmpty()) {
            text.append(fieldPath).append(": ");
        }
        text.append(message);
        if (remedy != null) {
            text.append(" (").append(remedy).append(')');
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return severity + " " + render();
    }
}
