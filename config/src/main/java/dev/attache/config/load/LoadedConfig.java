package dev.attache.config.load;

import com.google.protobuf.Message;
import dev.attache.config.Diagnostic;
import dev.attache.config.SourceMap;
import java.util.List;

/**
 * A configuration as read, with the places of its fields.
 *
 * @param message what the file says; constraints are not checked yet
 * @param errors what could not be read and is missing in the message; empty unless the loader keeps
 *     going
 */
public record LoadedConfig<T extends Message>(
        T message, SourceMap positions, List<Diagnostic> errors) {
    public LoadedConfig {
        errors = List.copyOf(errors);
    }

    public LoadedConfig(T message, SourceMap positions) {
        this(message, positions, List.of());
    }
}
