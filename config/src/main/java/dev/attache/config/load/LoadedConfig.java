package dev.attache.config.load;

import com.google.protobuf.Message;
import dev.attache.config.SourceMap;

/**
 * A configuration as read, with the places of its fields.
 *
 * @param message what the file says; constraints are not checked yet
 */
public record LoadedConfig<T extends Message>(T message, SourceMap positions) {}
