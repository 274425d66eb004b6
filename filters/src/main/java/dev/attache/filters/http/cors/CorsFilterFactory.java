package dev.attache.filters.http.cors;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.support.MessageSupport;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import java.util.List;

/** The filter in the chain; its policies stand on routes. */
public final class CorsFilterFactory implements ExtensionFactory<Cors, HttpFilterSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.HTTP_FILTER, Cors.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.http.cors";
    }

    @Override
    public Class<Cors> protoType() {
        return Cors.class;
    }

    @Override
    public Cors prototype() {
        return Cors.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Cors proto, CompileContext context) {
        return context.result(new CorsFilterSpec());
    }

    @Override
    public List<MessageSupport> support() {
        return List.of(MessageSupport.of(Cors.getDescriptor()));
    }
}
