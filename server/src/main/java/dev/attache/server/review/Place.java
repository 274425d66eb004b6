package dev.attache.server.review;

import dev.attache.config.Diagnostic;
import dev.attache.config.Severity;
import dev.attache.config.SourceMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a resource stands. Immutable.
 *
 * @param resource as messages call it: {@code bootstrap}, or {@code listener 'web'}
 * @param path of the resource in what messages call so; empty where that is the resource itself
 * @param positions of the file that it was read from
 * @param inFile path of the resource in that file
 */
public record Place(String resource, String path, SourceMap positions, String inFile) {

    /** A resource of the bootstrap. */
    public static Place ofBootstrap(SourceMap positions, String path) {
        return new Place("bootstrap", path, positions, path);
    }

    /** A resource that came from elsewhere than a file. */
    public static Place ofResource(String resource) {
        return new Place(resource, "", SourceMap.NONE, "");
    }

    /** The place of a field of it. */
    public Place at(String field) {
        return new Place(resource, joined(path, field), positions, joined(inFile, field));
    }

    /** The place of one of a field's values. */
    public Place at(String field, int index) {
        return at(field + "[" + index + "]");
    }

    /** Something that is valid and of no use. */
    public Diagnostic warning(String field, String message, String remedy) {
        return diagnostic(Severity.WARNING, field, message, remedy);
    }

    /** Something that cannot be. */
    public Diagnostic error(String field, String message) {
        return diagnostic(Severity.ERROR, field, message, null);
    }

    private Diagnostic diagnostic(
            Severity severity, String field, String message, @Nullable String remedy) {
        return new Diagnostic(
                severity,
                resource,
                joined(path, field),
                positions.nearest(joined(inFile, field)),
                message,
                remedy);
    }

    /** The same, with file, line and column where it has none. */
    Diagnostic located(Diagnostic said) {
        return said.position() != null
                ? said
                : new Diagnostic(
                        said.severity(),
                        said.resource(),
                        said.fieldPath(),
                        positions.nearest(joined(inFile, said.fieldPath())),
                        said.message(),
                        said.remedy());
    }

    private static String joined(String path, String field) {
        return path.isEmpty() || field.isEmpty() ? path + field : path + "." + field;
    }
}
