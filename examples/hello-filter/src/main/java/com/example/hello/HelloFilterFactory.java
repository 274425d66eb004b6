package com.example.hello;

import dev.attache.filter.Counter;
import dev.attache.filter.Filter;
import dev.attache.filter.FilterFactory;
import dev.attache.filter.FilterPlan;
import dev.attache.filter.Reply;
import dev.attache.filter.Settings;

/** A whole filter of heads: greets in a response header, refuses one path, counts. */
public final class HelloFilterFactory implements FilterFactory {

    @Override
    public String name() {
        return "com.example.hello";
    }

    @Override
    public FilterPlan configure(Settings settings) {
        settings.only("greeting");
        String greeting = settings.requiredText("greeting");
        return scope -> {
            Counter greeted = scope.counter("hello.greeted");
            return Filter.headers(
                    (request, stream) -> {
                        if ("/forbidden".equals(request.get(":path"))) {
                            stream.reply(
                                    Reply.of(403, "not here\n").details("hello_filter_refused"));
                        }
                    },
                    (response, stream) -> {
                        response.set("x-hello", greeting);
                        greeted.increment();
                    });
        };
    }
}
