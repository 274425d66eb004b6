package dev.attache.filters.bootstrap.internal_listener;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.bootstrap.internal_listener.v3.InternalListener;

/** The internal listener extension. */
public final class InternalListenerFactory
        implements ExtensionCompiler<InternalListener, InternalListenerSpec> {
    @Override
    public InternalListener prototype() {
        return InternalListener.getDefaultInstance();
    }

    @Override
    public Compiled<InternalListenerSpec> compile(InternalListener proto, CompileContext context) {
        return context.result(
                new InternalListenerSpec(
                        proto.hasBufferSizeKb() ? proto.getBufferSizeKb().getValue() : 1024));
    }
}
