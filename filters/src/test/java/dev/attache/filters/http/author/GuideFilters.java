package dev.attache.filters.http.author;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.attache.filter.CallException;
import dev.attache.filter.CallListener;
import dev.attache.filter.CallRequest;
import dev.attache.filter.CallResponse;
import dev.attache.filter.Chain;
import dev.attache.filter.Direction;
import dev.attache.filter.Filter;
import dev.attache.filter.FilterPlan;
import dev.attache.filter.FilterScope;
import dev.attache.filter.Headers;
import dev.attache.filter.Reply;
import dev.attache.filter.Request;
import dev.attache.filter.Response;
import dev.attache.filter.Settings;
import dev.attache.filter.Step;
import dev.attache.filter.StreamContext;
import dev.attache.filter.StreamHandler;
import dev.attache.filter.StreamingContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the guide for authors shows beyond the examples, as {@link GuideTest} runs it. */
final class GuideFilters {

    private GuideFilters() {}

    /** One rule of a list of settings. */
    record Limit(String path, long most) {}

    static List<Limit> limits(Settings settings) {
        settings.only("limits");
        List<Limit> limits = new ArrayList<>();
        for (Settings each : settings.objects("limits")) {
            each.only("path", "most");
            String path = each.requiredText("path");
            if (!path.isEmpty() && !path.startsWith("/")) {
                each.error("path", "must begin with a slash");
            }
            limits.add(new Limit(path, each.integer("most", 100, 1, 10_000)));
        }
        return limits;
    }

    /** What all workers share, and somebody closes. */
    static FilterPlan sharing(Settings settings) {
        URI service = URI.create(settings.requiredText("service"));
        HttpClient client = HttpClient.newHttpClient();
        return new FilterPlan() {
            @Override
            public Filter open(FilterScope scope) {
                return Filter.blocking((request, chain) -> {
                    HttpRequest question = HttpRequest.newBuilder(service).build();
                    int status = client.send(question, BodyHandlers.discarding()).statusCode();
                    return status == 200
                            ? chain.proceed(request)
                            : chain.answer(503, "closed\n".getBytes(UTF_8));
                });
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    /** Both bodies as a whole, on a virtual thread. */
    static Response reversed(Request request, Chain chain) throws Exception {
        String text = new String(request.body(), UTF_8);
        request.body(new StringBuilder(text).reverse().toString().getBytes(UTF_8));
        Response response = chain.proceed(request);
        response.headers().set("x-length", Integer.toString(response.body().length));
        return response;
    }

    /** One message of gRPC for another. */
    static Response allowed(Request request, Chain chain) throws Exception {
        CallRequest question =
                CallRequest.grpc("authz", "acme.Authz/Check", request.path().getBytes(UTF_8))
                        .timeout(Duration.ofMillis(200));
        try {
            chain.call(question);
        } catch (CallException e) {
            return chain.answer(e.code() == 7 ? 403 : 503, new byte[0]);
        }
        return chain.proceed(request);
    }

    /** Asks before the request goes on, without a thread. */
    static final class AskFirst implements StreamHandler {
        private static final CallRequest QUESTION = CallRequest.http("gate", "GET", "/open");

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, StreamingContext stream) {
            stream.call(
                    QUESTION,
                    new CallListener() {
                        @Override
                        public void onResponse(CallResponse response) {
                            headers.set("x-gate", Integer.toString(response.status()));
                            stream.resume(Direction.REQUEST);
                        }

                        @Override
                        public void onFailure(CallException why) {
                            stream.reply(Reply.of(503, "closed\n").details("gate_away"));
                        }
                    });
            return Step.PAUSE;
        }
    }

    /** Waits a while before it lets requests go on. */
    static final class Slowly implements StreamHandler {
        @Override
        public Step onRequestHeaders(Headers headers, boolean end, StreamingContext stream) {
            stream.after(Duration.ofMillis(50), () -> stream.resume(Direction.REQUEST));
            return Step.PAUSE;
        }
    }

    /** Work that another thread does. */
    static final class Elsewhere implements StreamHandler {
        @Override
        public Step onRequestHeaders(Headers headers, boolean end, StreamingContext stream) {
            var worker = stream.executor();
            Thread.ofVirtual()
                    .start(() -> {
                        String found = "found"; // whatever takes long
                        worker.execute(() -> {
                            headers.set("x-found", found);
                            stream.resume(Direction.REQUEST);
                        });
                    });
            return Step.PAUSE;
        }
    }

    /** A body and trailers where none were. */
    static final class Added implements StreamHandler {
        @Override
        public Step onRequestHeaders(Headers headers, boolean end, StreamingContext stream) {
            if (!end) {
                return Step.CONTINUE;
            }
            Headers trailers = stream.newHeaders();
            trailers.set("x-made", "here");
            stream.injectHeaders(Direction.REQUEST, headers, false);
            stream.inject(Direction.REQUEST, "a body".getBytes(UTF_8), false);
            stream.injectTrailers(Direction.REQUEST, trailers);
            return Step.DONE;
        }
    }

    /** What is known of a stream, and what others are told of it. */
    static void noted(Headers request, StreamContext stream) {
        String client = stream.facts().clientAddress();
        stream.putMetadata("acme.audit", Map.of("client", client, "seen", 1));
        stream.state("acme.audit.client", client);
        stream.log().log(System.Logger.Level.DEBUG, () -> "request of " + client);
        request.set("x-route", stream.facts().routeName());
    }
}
