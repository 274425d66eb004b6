package dev.attache.config.extension;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import dev.attache.config.Compiled;

/**
 * Compiles settings that have no message here: an object as it was written, or the bytes of a
 * message that only the extension knows.
 *
 * @param <S> the spec, as the category's consumers expect it
 */
public interface SettingsCompiler<S> extends ExtensionCompiler<Struct, S> {

    @Override
    default Struct prototype() {
        return Struct.getDefaultInstance();
    }

    /**
     * Of a message.
     *
     * @param message its bytes, which nobody has looked at
     */
    Compiled<S> compile(ByteString message, CompileContext context);
}
