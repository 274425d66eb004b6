package dev.attache.proxy.pipeline;

import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.tracing.StreamTrace;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one stream. The request goes up the array, the response down from the filter that
 * answers. Owned by its stream; loop-confined.
 *
 * <p>Longer than files here should be: half of it is {@link FilterContext} as filters see it, whose
 * methods need the places of the filters in both directions.
 */
public final class FilterPipeline {

    private final StreamOwner owner;
    private final Place[] places;
    private final RequestFlow request;
    private final ResponseFlow response;
    private final LateValve responseSource = new LateValve();

    /** Further sources of responses. */
    private List<Valve> responseFeeds = List.of();

    /** All sources of the request, for those behind the last filter that is one. */
    private @Nullable FedValve requestSources;

    private int lastFeed = -1;
    private StreamCalls.@Nullable Open open;
    private final StreamThread thread = new StreamThread();

    /** A response, 1xx aside, is on its way through the filters, or past them. */
    private boolean responseBegan;

    /** What a filter has set; -1 = nothing. */
    private long limit = -1;

    /**
     * @param names of the filters, as {@code typed_per_filter_config} knows them
     */
    public FilterPipeline(StreamOwner owner, HttpFilter[] filters, String[] names) {
        this.owner = owner;
        this.places = new Place[filters.length];
        for (int i = 0; i < filters.length; i++) {
            places[i] = new Place(i, filters[i], names[i]);
        }
        this.request = new RequestFlow();
        this.response = new ResponseFlow();
    }

    public void requestHeaders(Headers headers, boolean end) {
        request.headers(0, headers, end);
    }

    public void requestData(ByteBuf data, boolean end) {
        request.data(0, data, end);
    }

    /**
     * Whether the end of the request has to follow {@code last} as a call of its own: a filter
     * keeps the body, and in HTTP/1 one piece too many is refused before the end behind it is seen.
     */
    public boolean endIsApart(ByteBuf last) {
        return last.isReadable() && !request.endComesWithData() && request.keeps();
    }

    public void requestTrailers(Headers trailers) {
        request.trailers(0, trailers);
    }

    /** The name of the filter that holds request or response and has not gone on; or null. */
    public @Nullable String heldBy() {
        int holder = request.holder();
        if (holder < 0) {
            holder = response.holder();
        }
        return holder < 0 ? null : places[holder].name;
    }

    /** No more of the request is wanted: the stream is being answered locally. */
    public void abandonRequest() {
        request.kill();
    }

    /**
     * Answers locally, as Envoy does it: the request is given up; where no response has begun, the
     * reply runs through the response side of all filters; where one is inside the filters, that is
     * given up and the reply goes straight to the client.
     */
    public void reply(LocalReply reply, Headers headers, @Nullable ByteBuf body) {
        request.kill();
        if (responseBegan) {
            response.kill();
            HttpSink sink = owner.responseSink();
            sink.headers(headers, body == null);
            if (body != null) {
                sink.data(body, true);
            }
            return;
        }
        announce(reply);
        responseBegan = true;
        response.headers(places.length - 1, headers, body == null);
        if (body != null) {
            response.data(places.length - 1, body, true);
        }
    }

    private void announce(LocalReply reply) {
        for (int i = places.length - 1; i >= 0; i--) {
            Place place = places[i];
            try {
                place.filter.onLocalReply(reply, place);
            } catch (Throwable e) {
                tell(place, "onLocalReply", e);
            }
        }
    }

    /** Stops both directions and tells every filter, first to last, whatever each does. */
    public void end(StreamEnd why) {
        request.kill();
        response.kill();
        for (Place place : places) {
            try {
                place.filter.onStreamEnd(why, place);
            } catch (Throwable e) {
                tell(place, "onStreamEnd", e);
            }
        }
        if (open != null) {
            open.cancelAll();
        }
        request.letSourceGo();
        response.letSourceGo();
    }

    /** Whether a filter wants {@link #log}. */
    public boolean logs() {
        for (Place place : places) {
            if (place.filter.logs()) {
                return true;
            }
        }
        return false;
    }

    /** After {@link #end}: shows filters that log what access logs show. */
    public void log(FormatContext entry) {
        for (Place place : places) {
            try {
                if (place.filter.logs()) {
                    place.filter.onLog(entry);
                }
            } catch (Throwable e) {
                tell(place, "onLog", e);
            }
        }
    }

    /** A filter threw: its stream is answered with 500, or reset where it is too late for that. */
    private Step failed(Place place, String callback, Throwable why) {
        tell(place, callback, why);
        request.kill();
        if (responseBegan) {
            response.kill();
        }
        owner.localReply(
                LocalReply.of(500, "", "filter_exception{" + place.name.replace(' ', '_') + "}"));
        return Step.DONE;
    }

    /** Whose stream a filter is on. */
    static StreamOwner owner(FilterContext context) {
        return ((Place) context).owner();
    }

    private KeptBody newBody() {
        return new KeptBody(owner.memory(), owner.connection().worker().allocator());
    }

    private void tell(Place place, String callback, Throwable why) {
        Faults.contain(why);
        owner.filterFailed(place.name, callback, why);
    }

    /** One filter with its context, and the sink behind it in the response direction. */
    private final class Place implements FilterContext, HttpSink {
        private final int index;
        private final HttpFilter filter;
        private final String name;
        private @Nullable UpstreamCalls calls;

        Place(int index, HttpFilter filter, String name) {
            this.index = index;
            this.filter = filter;
            this.name = name;
        }

        private StreamOwner owner() {
            return owner;
        }

        @Override
        public String filterName() {
            return name;
        }

        @Override
        public long bufferLimit() {
            thread.check(name, "bufferLimit");
            return FilterPipeline.this.limit();
        }

        @Override
        public void bufferLimit(long bytes) {
            thread.check(name, "bufferLimit");
            limit = bytes;
        }

        @Override
        public StreamInfo info() {
            thread.check(name, "info");
            return owner.info();
        }

        @Override
        public MemoryAccount memory() {
            thread.check(name, "memory");
            return owner.memory();
        }

        @Override
        public Connection connection() {
            thread.check(name, "connection");
            return owner.connection();
        }

        @Override
        public Headers requestHeaders() {
            thread.check(name, "requestHeaders");
            return owner.requestHeaders();
        }

        @Override
        public @Nullable Route route() {
            thread.check(name, "route");
            return owner.route();
        }

        @Override
        public @Nullable ClusterSelection cluster() {
            thread.check(name, "cluster");
            return owner.cluster();
        }

        @Override
        public void clearRoute() {
            thread.check(name, "clearRoute");
            owner.clearRoute();
        }

        @Override
        public <T> @Nullable T override(Class<T> type) {
            thread.check(name, "override");
            return FilterOverride.first(owner.override(name), type);
        }

        @Override
        public <T> List<T> overrides(Class<T> type) {
            thread.check(name, "overrides");
            return FilterOverride.all(owner.override(name), type);
        }

        @Override
        public Step answer(Headers headers, String details) {
            thread.check(name, "answer");
            owner.info().responseCodeDetails(details);
            request.kill();
            responseBegan = true;
            response.headers(places.length - 1, headers, true);
            return Step.DONE;
        }

        @Override
        public Step respond(LocalReply reply) {
            thread.check(name, "respond");
            owner.localReply(reply);
            return Step.DONE;
        }

        @Override
        public void recreateStream(@Nullable ByteBuf body, Headers response) {
            thread.check(name, "recreateStream");
            owner.recreate(body, response);
        }

        @Override
        public Runnable guarded(Runnable callback) {
            thread.check(name, "guarded");
            return () -> {
                try {
                    callback.run();
                } catch (Throwable e) {
                    failed(this, "a callback", e);
                }
            };
        }

        @Override
        public Timer timer(Runnable task) {
            thread.check(name, "timer");
            return new Timer() {
                @Override
                protected void expire() {
                    try {
                        task.run();
                    } catch (Throwable e) {
                        failed(Place.this, "a timer", e);
                    }
                }
            };
        }

        @Override
        public @Nullable StreamTrace trace() {
            return owner.trace();
        }

        @Override
        public UpstreamCalls calls() {
            thread.check(name, "calls");
            UpstreamCalls known = calls;
            if (known == null) {
                open = open != null ? open : new StreamCalls.Open();
                known = StreamCalls.of(owner, open, e -> failed(this, "a call's listener", e));
                calls = known;
            }
            return known;
        }

        @Override
        public HttpSink response() {
            thread.check(name, "response");
            return this;
        }

        @Override
        public void resume(Direction direction) {
            thread.check(name, "resume");
            flow(direction).resume(index);
        }

        @Override
        public void takeOver(Direction direction) {
            thread.check(name, "takeOver");
            flow(direction).takeOver(index);
        }

        @Override
        public void streamWhilePaused(Direction direction) {
            thread.check(name, "streamWhilePaused");
            flow(direction).streamWhilePaused(index);
        }

        @Override
        public void injectHeaders(Direction direction, Headers headers, boolean end) {
            thread.check(name, "injectHeaders");
            responseBegan |= direction == Direction.RESPONSE;
            flow(direction).injectHeaders(index, headers, end);
        }

        @Override
        public void injectTrailers(Direction direction, Headers trailers) {
            thread.check(name, "injectTrailers");
            flow(direction).injectTrailers(index, trailers);
        }

        @Override
        public void inject(Direction direction, ByteBuf data, boolean end) {
            thread.check(name, "inject");
            flow(direction).inject(index, data, end);
        }

        @Override
        public Step tooLarge(Direction direction) {
            thread.check(name, "tooLarge");
            flow(direction).onTooLarge();
            return Step.DONE;
        }

        @Override
        public Valve valve(Direction direction) {
            thread.check(name, "valve");
            if (direction == Direction.RESPONSE) {
                return responseSource;
            }
            FedValve all = requestSources;
            return all != null && index > lastFeed ? all : owner.requestSource();
        }

        @Override
        public void feeds(Direction direction, Valve source) {
            thread.check(name, "feeds");
            if (direction == Direction.RESPONSE) {
                responseFeeds = new ArrayList<>(responseFeeds);
                responseFeeds.add(source);
                Valve named = responseSource.named();
                if (named != null) {
                    owner.responseSource(new FedValve(named, responseFeeds));
                }
                return;
            }
            FedValve all = requestSources;
            if (all == null) {
                all = new FedValve(owner.requestSource(), List.of());
                requestSources = all;
            }
            all.add(source);
            lastFeed = Math.max(lastFeed, index);
        }

        @Override
        public void source(Valve source) {
            thread.check(name, "source");
            responseSource.source(source);
            owner.responseSource(
                    responseFeeds.isEmpty() ? source : new FedValve(source, responseFeeds));
        }

        @Override
        public void informational(Headers headers) {
            thread.check(name, "informational");
            for (int i = index - 1; i >= 0; i--) {
                try {
                    places[i].filter.onResponseInformational(headers, places[i]);
                } catch (Throwable e) {
                    failed(places[i], "onResponseInformational", e);
                    return;
                }
            }
            owner.responseSink().informational(headers);
        }

        @Override
        public void headers(Headers headers, boolean end) {
            thread.check(name, "headers");
            responseBegan = true;
            response.headers(index - 1, headers, end);
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            thread.check(name, "data");
            response.data(index - 1, chunk, end);
        }

        @Override
        public void trailers(Headers trailers) {
            thread.check(name, "trailers");
            response.trailers(index - 1, trailers);
        }

        @Override
        public void reset(ResetReason why) {
            thread.check(name, "reset");
            owner.responseSink().reset(why);
        }
    }

    private long limit() {
        return limit >= 0 ? limit : owner.bufferLimit();
    }

    private Flow flow(Direction direction) {
        return direction == Direction.REQUEST ? request : response;
    }

    private final class RequestFlow extends Flow {
        RequestFlow() {
            super(places.length);
        }

        @Override
        KeptBody newBody() {
            return FilterPipeline.this.newBody();
        }

        @Override
        int next(int index) {
            return index + 1;
        }

        @Override
        Step callHeaders(int index, Headers headers, boolean end) {
            Place place = places[index];
            try {
                Step step = place.filter.onRequestHeaders(headers, end, place);
                PipelineLog.requestHeaders(place.info(), place.name, step);
                return step;
            } catch (Throwable e) {
                return failed(place, "onRequestHeaders", e);
            }
        }

        @Override
        Step callData(int index, ByteBuf data, boolean end) {
            Place place = places[index];
            try {
                return place.filter.onRequestData(data, end, place);
            } catch (Throwable e) {
                return failed(place, "onRequestData", e);
            }
        }

        @Override
        Step callTrailers(int index, Headers trailers) {
            Place place = places[index];
            try {
                return place.filter.onRequestTrailers(trailers, place);
            } catch (Throwable e) {
                return failed(place, "onRequestTrailers", e);
            }
        }

        @Override
        void arriveHeaders(Headers headers, boolean end) {
            owner.onUnanswered();
        }

        @Override
        void arriveData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        void arriveTrailers(Headers trailers) {
            // Nobody behind the last filter: the answer, if any, is on its way.
        }

        @Override
        void onTooLarge() {
            owner.tooLarge(Direction.REQUEST);
            owner.localReply(LocalReply.of(413, "Payload Too Large", LocalReply.REQUEST_TOO_LARGE));
        }

        @Override
        Valve source() {
            return owner.requestSource();
        }

        @Override
        long limit() {
            return FilterPipeline.this.limit();
        }

        @Override
        boolean endComesWithData() {
            Protocol protocol = owner.info().protocol();
            return protocol != null && protocol.multiplexed();
        }
    }

    private final class ResponseFlow extends Flow {
        ResponseFlow() {
            super(places.length);
        }

        @Override
        KeptBody newBody() {
            return FilterPipeline.this.newBody();
        }

        @Override
        int next(int index) {
            return index - 1;
        }

        @Override
        Step callHeaders(int index, Headers headers, boolean end) {
            Place place = places[index];
            try {
                Step step = place.filter.onResponseHeaders(headers, end, place);
                PipelineLog.responseHeaders(place.info(), place.name, step);
                return step;
            } catch (Throwable e) {
                return failed(place, "onResponseHeaders", e);
            }
        }

        @Override
        Step callData(int index, ByteBuf data, boolean end) {
            Place place = places[index];
            try {
                return place.filter.onResponseData(data, end, place);
            } catch (Throwable e) {
                return failed(place, "onResponseData", e);
            }
        }

        @Override
        Step callTrailers(int index, Headers trailers) {
            Place place = places[index];
            try {
                return place.filter.onResponseTrailers(trailers, place);
            } catch (Throwable e) {
                return failed(place, "onResponseTrailers", e);
            }
        }

        @Override
        void arriveHeaders(Headers headers, boolean end) {
            owner.responseSink().headers(headers, end);
        }

        @Override
        void arriveData(ByteBuf data, boolean end) {
            owner.responseSink().data(data, end);
        }

        @Override
        void arriveTrailers(Headers trailers) {
            owner.responseSink().trailers(trailers);
        }

        @Override
        void onTooLarge() {
            owner.tooLarge(Direction.RESPONSE);
            owner.localReply(
                    LocalReply.of(500, "Internal Server Error", LocalReply.RESPONSE_TOO_LARGE));
        }

        @Override
        Valve source() {
            return responseSource;
        }

        @Override
        long limit() {
            return FilterPipeline.this.limit();
        }

        @Override
        boolean endComesWithData() {
            UpstreamInfo upstream = owner.info().upstream();
            String protocol = upstream == null ? null : upstream.protocol;
            return protocol == null || protocol.equals(Protocol.HTTP2.text());
        }
    }
}
