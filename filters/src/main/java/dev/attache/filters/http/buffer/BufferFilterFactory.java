package dev.attache.filters.http.buffer;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;

/** The filter in the chain. */
public final class BufferFilterFactory implements ExtensionCompiler<Buffer, HttpFilterSpec> {
    @Override
    public Buffer prototype() {
        return Buffer.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Buffer proto, CompileContext context) {
        return context.result(new BufferFilterSpec(settings(proto)));
    }

    static BufferSettings settings(Buffer proto) {
        return new BufferSettings(
                false, Integer.toUnsignedLong(proto.getMaxRequestBytes().getValue()));
    }
}
