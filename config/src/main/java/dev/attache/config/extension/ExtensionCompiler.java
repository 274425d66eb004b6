package dev.attache.config.extension;

import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.support.MessageSupport;
import java.util.List;

/**
 * Compiles an extension's configuration message to its immutable spec: the only door through which
 * protobuf enters a room. Stateless; called on the configuration thread.
 *
 * <p>When {@link #compile} is called the message has been unpacked (also out of a TypedStruct), its
 * constraints hold and no unsupported field is set.
 *
 * @param <P> the configuration message
 * @param <S> the spec, as the category's consumers expect it
 */
public interface ExtensionCompiler<P extends Message, S> {
    /** The message's default instance. */
    P prototype();

    Compiled<S> compile(P proto, CompileContext context);

    /**
     * The messages that this extension reads, for the support table; empty: all of them as a whole.
     */
    default List<MessageSupport> support() {
        return List.of();
    }
}
