package dev.attache.filters.listener.original_dst;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.listener.filter.OriginalDstSpec;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;

/** Original destination. */
public final class OriginalDstFactory implements ExtensionFactory<OriginalDst, OriginalDstSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.LISTENER_FILTER, OriginalDst.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.listener.original_dst";
    }

    @Override
    public Class<OriginalDst> protoType() {
        return OriginalDst.class;
    }

    @Override
    public OriginalDst prototype() {
        return OriginalDst.getDefaultInstance();
    }

    @Override
    public Compiled<OriginalDstSpec> compile(OriginalDst proto, CompileContext context) {
        return context.result(new OriginalDstSpec());
    }
}
