package dev.attache.server;

import com.google.protobuf.Duration;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/**
 * A user's HTTP filter, found on the class path of the tests, that compiles and cannot be opened on
 * a worker: a class that it needs is not there.
 */
public final class UnopenableFilter implements ExtensionFactory<Duration, HttpFilterSpec> {

    @Override
    public ExtensionKey key() {
        return new ExtensionKey(ExtensionCategory.HTTP_FILTER, "google.protobuf.Duration");
    }

    @Override
    public String name() {
        return "tests.unopenable";
    }

    @Override
    public Duration prototype() {
        return Duration.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Duration proto, CompileContext context) {
        return context.result(scope -> {
            throw new NoClassDefFoundError("no/such/Thing");
        });
    }
}
