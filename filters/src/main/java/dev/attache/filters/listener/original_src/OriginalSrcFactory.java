package dev.attache.filters.listener.original_src;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import io.envoyproxy.envoy.extensions.filters.listener.original_src.v3.OriginalSrc;

/** Compiles {@code envoy.filters.listener.original_src}. */
public final class OriginalSrcFactory
        implements ExtensionCompiler<OriginalSrc, ListenerFilterSpec> {
    @Override
    public OriginalSrc prototype() {
        return OriginalSrc.getDefaultInstance();
    }

    @Override
    public Compiled<ListenerFilterSpec> compile(OriginalSrc proto, CompileContext context) {
        return context.result(new OriginalSrcSpec(proto.getMark()));
    }
}
