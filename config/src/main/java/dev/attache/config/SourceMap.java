package dev.attache.config;

import org.jspecify.annotations.Nullable;

/**
 * Where the fields of a message stand in the file it was read from. Looked up when something has to
 * be reported, which is seldom: nothing is noted for it while a file is read. Safe for use from
 * several threads.
 */
public interface SourceMap {
    /** Of what did not come from a file. */
    SourceMap NONE =
            new SourceMap() {
                @Override
                public @Nullable SourcePosition nearest(String fieldPath) {
                    return null;
                }
            };

    /**
     * The place of the field, or of the nearest enclosing field that stands in the file.
     *
     * @param fieldPath in proto names, e.g. {@code clusters[0].name} or {@code metadata["a"]}
     */
    @Nullable SourcePosition nearest(String fieldPath);
}
