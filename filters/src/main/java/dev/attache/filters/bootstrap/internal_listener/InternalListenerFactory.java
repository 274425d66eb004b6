package dev.attache.filters.bootstrap.internal_listener;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.listener.spec.InternalListenerSettings;
import io.envoyproxy.envoy.extensions.bootstrap.internal_listener.v3.InternalListener;

/** The internal listener extension. */
public final class InternalListenerFactory
        implements ExtensionCompiler<InternalListener, InternalListenerSettings> {
    /** Envoy's. */
    private static final int DEFAULT_BUFFER_KB = 1024;

    @Override
    public InternalListener prototype() {
        return InternalListener.getDefaultInstance();
    }

    @Override
    public Compiled<InternalListenerSettings> compile(
            InternalListener proto, CompileContext context) {
        int kilobytes =
                proto.hasBufferSizeKb() ? proto.getBufferSizeKb().getValue() : DEFAULT_BUFFER_KB;
        return context.result(new InternalListenerSettings(kilobytes * 1024));
    }
}
