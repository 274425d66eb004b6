package dev.attache.config.extension;

import com.google.protobuf.Struct;
import dev.attache.api.Overlay;
import dev.attache.config.Compiled;

/**
 * Compiles a message of Envoy's API that is newer than the message classes: it is read by the names
 * of its fields. It is found, checked and listed as any other.
 *
 * @param <S> the spec, as the category's consumers expect it
 */
public interface OverlayCompiler<S> extends ExtensionCompiler<Struct, S> {

    @Override
    default Struct prototype() {
        return Struct.getDefaultInstance();
    }

    @Override
    default Compiled<S> compile(Struct proto, CompileContext context) {
        throw new IllegalStateException("compiles " + getClass().getName() + " by names alone");
    }

    /** As {@link #compile(Struct, CompileContext)}, of the message itself. */
    Compiled<S> compile(Overlay proto, CompileContext context);
}
