package dev.attache.filters.http.original_src;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.original_src.v3.OriginalSrc;

/** Compiles {@code envoy.filters.http.original_src}. */
public final class OriginalSrcFilterFactory
        implements ExtensionCompiler<OriginalSrc, HttpFilterSpec> {
    @Override
    public OriginalSrc prototype() {
        return OriginalSrc.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(OriginalSrc proto, CompileContext context) {
        return context.result(new OriginalSrcFilterSpec(proto.getMark()));
    }
}
