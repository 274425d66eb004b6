package dev.attache.server;

import com.google.protobuf.Empty;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A user's settings of a filter on a route, found on the class path of the tests, that take as long
 * to compile as the test wants.
 */
public final class SlowRouteSettings implements ExtensionFactory<Empty, Object> {

    /** Counted down when a compilation has come here. */
    static volatile CountDownLatch reached = new CountDownLatch(1);

    /** What compilations wait for. */
    static volatile CountDownLatch goOn = new CountDownLatch(0);

    @Override
    public ExtensionKey key() {
        return new ExtensionKey(ExtensionCategory.HTTP_FILTER_OVERRIDE, "google.protobuf.Empty");
    }

    @Override
    public String name() {
        return "tests.slow";
    }

    @Override
    public Empty prototype() {
        return Empty.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(Empty proto, CompileContext context) {
        reached.countDown();
        try {
            if (!goOn.await(60, TimeUnit.SECONDS)) {
                context.error("the test has forgotten this");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.error("interrupted");
        }
        return context.result("settings");
    }
}
