package dev.attache.filters.bootstrap.internal_listener;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import io.envoyproxy.envoy.extensions.bootstrap.internal_listener.v3.InternalListener;

/** The internal listener extension. */
public final class InternalListenerFactory
        implements ExtensionFactory<InternalListener, InternalListenerSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.BOOTSTRAP, InternalListener.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.bootstrap.internal_listener";
    }

    @Override
    public Class<InternalListener> protoType() {
        return InternalListener.class;
    }

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
