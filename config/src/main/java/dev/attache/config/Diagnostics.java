package dev.attache.config;

import java.util.ArrayList;
import java.util.List;
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

    public Diagnostics(String resource, SourceMap positions) {
        this.resource = resource;
        this.positions = positions;
    }

    /** For resources that did not come from a file. */
    public Diagnostics(String resource) {
        this(resource, new SourceMap());
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
        errors.add(diagnostic(Severity.ERROR, fieldPath, message, remedy));
    }

    public void warning(String fieldPath, String message) {
        warnings.add(diagnostic(Severity.WARNING, fieldPath, message, null));
    }

    /** Takes over the diagnostics of a nested compilation as they are. */
    public void add(Diagnostic diagnostic) {
        (diagnostic.severity() == Severity.ERROR ? errors : warnings).add(diagnostic);
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

    private Diagnostic diagnostic(
            Severity severity, String fieldPath, String message, @Nullable String remedy) {
        SourcePosition position = positions.nearest(fieldPath);
        return new Diagnostic(severity, resource, fieldPath, position, message, remedy);
    }
}
