package dev.attache.config.extension.jar;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say about one jar, or directory of jars. Immutable.
 *
 * @param generation what serves, or served last where the jar is gone: which of all loadings of the
 *     process; 0 where nothing did
 * @param sha256 of what serves; empty where nothing does
 * @param loaded when, or null
 * @param factories the classes that serve
 * @param problems why the version that lies there, or a class of it, does not serve
 * @param old how many earlier generations of it somebody still uses, or nobody has collected yet
 */
public record ExtensionStatus(
        Path path,
        State state,
        long generation,
        String sha256,
        @Nullable Instant loaded,
        List<ExtensionJar.Factory> factories,
        List<String> problems,
        int old) {

    /** What the file's state means for configurations. */
    public enum State {
        /** What lies there serves. */
        SERVING,
        /** What lies there was refused; the version before it serves, if there was one. */
        REFUSED,
        /** Nothing lies there any more; what uses it goes on, and nothing new may. */
        REMOVED
    }

    public ExtensionStatus {
        factories = List.copyOf(factories);
        problems = List.copyOf(problems);
    }
}
