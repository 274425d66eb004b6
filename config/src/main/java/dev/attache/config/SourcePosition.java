package dev.attache.config;

/**
 * A place in a configuration file. Lines and columns count from one.
 *
 * @param file name as the user gave it, or a description such as {@code --config-yaml}
 */
public record SourcePosition(String file, int line, int column) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
