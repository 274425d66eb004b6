package com.example.bench;

import dev.attache.filter.Counter;
import dev.attache.filter.Filter;
import dev.attache.filter.FilterFactory;
import dev.attache.filter.FilterPlan;
import dev.attache.filter.Response;
import dev.attache.filter.Settings;

/** What examples/hello-filter does, on a virtual thread. */
public final class BlockingFilterFactory implements FilterFactory {
    @Override
    public String name() {
        return "com.example.bench.blocking";
    }

    @Override
    public FilterPlan configure(Settings settings) {
        String greeting = settings.requiredText("greeting");
        return scope -> {
            Counter greeted = scope.counter("hello.greeted");
            return Filter.blocking((request, chain) -> {
                if (request.path().equals("/forbidden")) {
                    return chain.answer(403, new byte[0]);
                }
                Response response = chain.proceed(request);
                response.headers().set("x-hello", greeting);
                greeted.increment();
                return response;
            });
        };
    }
}
