package dev.attache.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a compilation has to say about one resource. Not thread-safe; lives as long as the
 * compilation of that resource.
 */
public final class Diagnostics {
    private final String resource;
    private final SourceMap positions;
    private final List<Diagnostic> errors = new ArrayList<>();
    private final List<Diagnostic> warnings = new ArrayList<>();
    private final Set<String> settled = new HashSet<>();
    private final Set<String> holders = new HashSet<>();

    public Diagnostics(String resource, SourceMap positions) {
        this.resource = resource;
        this.positions = positions;
    }

    /** For resources that did not come from a file. */
    public Diagnostics(String resource) {
        this(resource, SourceMap.NONE);
    }

    public String resource() {
        return resource;
    }

    public SourceMap positions() {
        return positions;
    }

    public void error(String fieldPath, String message) {
        error(fieldPath, message, null);
    }

    public void error(String fieldPath, String message, @Nullable String remedy) {
        add(diagnostic(Severity.ERROR, fieldPath, message, remedy));
    }

    /**
     * Reports a field that is refused with all that it holds: what else is found wrong at it or
     * below is not worth a second line.
     */
    public void refuse(String fieldPath, String message, String remedy) {
        error(fieldPath, message, remedy);
        settle(fieldPath);
    }

    /** Enough is said about a field: errors at it or below are not reported any more. */
    public void settle(String fieldPath) {
        settled.add(fieldPath);
    }

    /**
     * Takes over what reading the file had to say. What could not be read is missing where the rest
     * is compiled: at these places, below them and where they stand nothing more is reported.
     */
    public void addUnread(List<Diagnostic> unread) {
        errors.addAll(unread);
        for (Diagnostic error : unread) {
            settled.add(error.fieldPath());
            holders.add(holder(error.fieldPath()));
        }
    }

    public void warning(String fieldPath, String message) {
        warnings.add(diagnostic(Severity.WARNING, fieldPath, message, null));
    }

    /** Takes over the diagnostics of a nested compilation as they are. */
    public void add(Diagnostic diagnostic) {
        if (diagnostic.severity() != Severity.ERROR) {
            warnings.add(diagnostic);
        } else if (!isSettled(diagnostic.fieldPath())) {
            errors.add(diagnostic);
        }
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    public int errorCount() {
        return errors.size();
    }

    public List<Diagnostic> errors() {
        return List.copyOf(errors);
    }

    public List<Diagnostic> warnings() {
        return List.copyOf(warnings);
    }

    /** {@link Compiled.Ok} of the value, or a rejection if any error was reported. */
    public <T> Compiled<T> result(@Nullable T value) {
        if (!errors.isEmpty()) {
            return new Compiled.Rejected<>(errors);
        }
        if (value == null) {
            throw new IllegalStateException(resource + ": neither a value nor an error");
        }
        return new Compiled.Ok<>(value, warnings);
    }

    private boolean isSettled(String fieldPath) {
        if (settled.isEmpty()) {
            return false;
        }
        if (holders.contains(fieldPath)) {
            return true;
        }
        for (String path = fieldPath; !path.isEmpty(); path = holder(path)) {
            if (settled.contains(path)) {
                return true;
            }
        }
        return false;
    }

    /** The path of the field or list that holds the last part of a path. */
    private static String holder(String fieldPath) {
        int end = Math.max(fieldPath.lastIndexOf('.'), fieldPath.lastIndexOf('['));
        return fieldPath.substring(0, Math.max(0, end));
    }

    private Diagnostic diagnostic(
            Severity severity, String fieldPath, String message, @Nullable String remedy) {
        SourcePosition position = positions.nearest(fieldPath);
        return new Diagnostic(severity, resource, fieldPath, position, message, remedy);
    }
}
