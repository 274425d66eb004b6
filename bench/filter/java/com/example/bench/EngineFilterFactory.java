package com.example.bench;

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
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stats.Cell;

/** What examples/hello-filter does, as the engine's own filters are written. */
public final class EngineFilterFactory implements ExtensionFactory<Struct, HttpFilterSpec> {
    private static final HeaderName X_HELLO = HeaderName.of("x-hello");

    @Override
    public ExtensionKey key() {
        return new ExtensionKey(ExtensionCategory.HTTP_FILTER, "com.example.bench.engine");
    }

    @Override
    public String name() {
        return "com.example.bench.engine";
    }

    @Override
    public Struct prototype() {
        return Struct.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Struct settings, CompileContext context) {
        String greeting = settings.getFieldsOrThrow("greeting").getStringValue();
        return context.result(scope -> {
            Cell greeted = scope.stats().counter("hello.greeted").cell(scope.worker().index());
            return () -> new EngineFilter(greeting, greeted);
        });
    }

    private record EngineFilter(String greeting, Cell greeted) implements HttpFilter {
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
