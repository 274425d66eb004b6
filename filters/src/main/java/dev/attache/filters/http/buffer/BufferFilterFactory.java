package dev.attache.filters.http.buffer;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;

/** The filter in the chain. */
public final class BufferFilterFactory implements ExtensionFactory<Buffer, HttpFilterSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.HTTP_FILTER, Buffer.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.http.buffer";
    }

    @Override
    public Class<Buffer> protoType() {
        return Buffer.class;
    }

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
