package dev.attache.filters.listener.original_dst;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.listener.filter.OriginalDstSpec;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;

/** Original destination. */
public final class OriginalDstFactory implements ExtensionCompiler<OriginalDst, OriginalDstSpec> {
    @Override
    public OriginalDst prototype() {
        return OriginalDst.getDefaultInstance();
    }

    @Override
    public Compiled<OriginalDstSpec> compile(OriginalDst proto, CompileContext context) {
        return context.result(new OriginalDstSpec());
    }
}
