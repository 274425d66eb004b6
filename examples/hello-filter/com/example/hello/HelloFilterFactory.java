package com.example.hello;

import com.google.protobuf.Struct;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stats.Cell;

/**
 * A whole third-party filter: greets in a response header, refuses one path, counts. Its settings
 * are plain JSON, so it needs no protobuf of its own.
 */
public final class HelloFilterFactory implements ExtensionFactory<Struct, HttpFilterSpec> {
    @Override
    public ExtensionKey key() {
        return new ExtensionKey(ExtensionCategory.HTTP_FILTER, "com.example.hello");
    }

    @Override
    public String name() {
        return "com.example.hello";
    }

    @Override
    public Struct prototype() {
        return Struct.getDefaultInstance();
    }

    /** Once per configuration: settings to an immutable spec, or an error with its field. */
    @Override
    public Compiled<HttpFilterSpec> compile(Struct settings, CompileContext context) {
        String greeting =
                settings.getFieldsMap().containsKey("greeting")
                        ? settings.getFieldsOrThrow("greeting").getStringValue()
                        : "";
        if (greeting.isEmpty()) {
            context.at("greeting").error("a greeting must be set");
        }
        return context.result(new HelloSpec(greeting));
    }

    /** Shared by all workers. */
    record HelloSpec(String greeting) implements HttpFilterSpec {
        /** Once per worker: statistics are resolved here. */
        @Override
        public HttpFilterFactory open(HttpFilterScope scope) {
            Cell greeted = scope.stats().counter("hello.greeted").cell(scope.worker().index());
            return () -> new HelloFilter(greeting, greeted);
        }
    }

    /** Once per request, on that request's worker. */
    static final class HelloFilter implements HttpFilter {
        private static final HeaderName X_HELLO = HeaderName.of("x-hello");
        private final String greeting;
        private final Cell greeted;

        HelloFilter(String greeting, Cell greeted) {
            this.greeting = greeting;
            this.greeted = greeted;
        }

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            return headers.getOr(HeaderName.PATH, "").equals("/forbidden")
                    ? context.respond(LocalReply.of(403, "not here\n", "hello_filter_refused"))
                    : Step.CONTINUE;
        }

        @Override
        public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
            headers.set(X_HELLO, greeting);
            greeted.inc();
            return Step.CONTINUE;
        }
    }
}
