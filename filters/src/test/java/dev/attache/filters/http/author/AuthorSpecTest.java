package dev.attache.filters.http.author;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.extension.SecretSources;
import dev.attache.filter.Counter;
import dev.attache.filter.Filter;
import dev.attache.filter.FilterFactory;
import dev.attache.filter.FilterPlan;
import dev.attache.filter.FilterScope;
import dev.attache.filter.Gauge;
import dev.attache.filter.Histogram;
import dev.attache.filter.Settings;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AuthorSpecTest {

    @Test
    void thePlanIsClosedWithItsLastFilter() throws Exception {
        BlockingQueue<String> closed = new LinkedBlockingQueue<>();
        FilterSetup setup =
                AuthorSetup.of(
                        "{}",
                        settings ->
                                new FilterPlan() {
                                    @Override
                                    public Filter open(FilterScope scope) {
                                        return new dev.attache.filter.HeaderFilter() {
                                            @Override
                                            public void onRequest(
                                                    dev.attache.filter.Headers request,
                                                    dev.attache.filter.StreamContext stream) {
                                                request.set("x-seen", "1");
                                            }

                                            @Override
                                            public void close() {
                                                closed.add("filter");
                                            }
                                        };
                                    }

                                    @Override
                                    public void close() {
                                        closed.add("plan");
                                    }
                                });
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").forwarded().header("x-seen")).isEqualTo("1");
            assertThat(closed).isEmpty();
        }
        assertThat(closed.poll(10, TimeUnit.SECONDS)).isEqualTo("filter");
        assertThat(closed.poll(10, TimeUnit.SECONDS)).isEqualTo("plan");
    }

    @Test
    void settingsAreReadWithTheirPlaces() {
        String yaml =
                """
                {text: a, whole: "7", part: 0.5, flag: true, wait: 20ms, hours: 1.5h, seconds: 2.5,
                 many: [a, b], inner: {deep: x}, each: [{n: 1}, {n: 2}], nothing: null}
                """;
        List<Object> read = new ArrayList<>();
        FilterSetup setup =
                AuthorSetup.of(
                        yaml.strip().replace("\n", ""),
                        settings -> {
                            read.add(settings.text("text"));
                            read.add(settings.integer("whole", 0));
                            read.add(settings.number("part", 0));
                            read.add(settings.flag("flag", false));
                            read.add(settings.duration("wait", Duration.ZERO));
                            read.add(settings.duration("hours", Duration.ZERO));
                            read.add(settings.duration("seconds", Duration.ZERO));
                            read.add(settings.texts("many"));
                            Settings inner = settings.object("inner");
                            read.add(inner == null ? "" : inner.requiredText("deep"));
                            settings.objects("each")
                                    .forEach(each -> read.add(each.integer("n", 0)));
                            read.add(settings.has("nothing"));
                            return scope -> Filter.headers((request, stream) -> {});
                        });
        assertThat(setup.errors()).isEmpty();
        assertThat(read)
                .containsExactly(
                        "a",
                        7L,
                        0.5,
                        true,
                        Duration.ofMillis(20),
                        Duration.ofMinutes(90),
                        Duration.ofMillis(2500),
                        List.of("a", "b"),
                        "x",
                        1L,
                        2L,
                        false);
    }

    @Test
    void everythingThatIsWrongIsSaidAtItsPlace() {
        FilterSetup setup =
                AuthorSetup.of(
                        "{whole: 1.5, flag: 1, wait: -1s, many: [1], each: [{n: x}], odd: 1}",
                        settings -> {
                            settings.integer("whole", 0);
                            settings.flag("flag", false);
                            settings.duration("wait", Duration.ZERO);
                            settings.texts("many");
                            settings.objects("each").forEach(each -> each.integer("n", 0));
                            settings.only("whole", "flag", "wait", "many", "each");
                            return scope -> Filter.headers((request, stream) -> {});
                        });
        assertThat(setup.errors())
                .containsExactlyInAnyOrder(
                        "whole: must be a whole number, and is '1.5'",
                        "flag: must be true or false",
                        "wait: must be a time such as 1.5s or 20ms",
                        "many[0]: must be a text",
                        "each[0].n: must be a whole number, and is 'x'",
                        "odd: there is no such setting; there are whole, flag, wait, many, each");
    }

    @Test
    void aFactoryThatThrowsRefusesTheConfiguration() {
        FilterSetup setup =
                AuthorSetup.of(
                        "{}",
                        settings -> {
                            throw new IllegalStateException("no licence");
                        });
        assertThat(setup.errors())
                .containsExactly(
                        "the filter's factory threw java.lang.IllegalStateException: no licence");
    }

    @Test
    void countersHaveLabelsAndCountFromAnyThread() {
        FilterSetup setup =
                AuthorSetup.of(
                        "{}",
                        settings ->
                                scope -> {
                                    Counter counter = scope.counter("greeted", "language", "en.gb");
                                    return Filter.headers((request, stream) -> {
                                        counter.increment();
                                        Thread other =
                                                Thread.ofPlatform().start(counter::increment);
                                        try {
                                            other.join();
                                        } catch (InterruptedException e) {
                                            throw new IllegalStateException(e);
                                        }
                                    });
                                });
        try (FilterHarness harness = setup.open()) {
            harness.get("/");
            String name = "http.test.greeted.language.en.gb";
            assertThat(harness.counter(name)).isEqualTo(2);
            assertThat(harness.store().labels(name).labels())
                    .extracting(label -> label.name() + "=" + label.value())
                    .containsExactly("language=en.gb");
        }
    }

    @Test
    void gaugesAndDistributionsAreBelowThePrefix() {
        FilterSetup setup =
                AuthorSetup.of(
                        "{}",
                        settings ->
                                scope -> {
                                    Gauge open = scope.gauge("open");
                                    Histogram sizes = scope.histogram("sizes", "part", "head");
                                    Histogram times = scope.timings("times");
                                    return Filter.headers((request, stream) -> {
                                        open.add(3);
                                        open.decrement();
                                        sizes.record(request.size());
                                        times.record(stream.facts().elapsed().toMillis());
                                    });
                                });
        try (FilterHarness harness = setup.open()) {
            harness.get("/");
            assertThat(harness.gauge("http.test.open")).isEqualTo(2);
            assertThat(harness.store().histograms())
                    .filteredOn(each -> each.cumulative().count() == 1)
                    .extracting(each -> each.name() + " " + each.unit())
                    .contains(
                            "http.test.sizes.part.head UNSPECIFIED",
                            "http.test.times MILLISECONDS");
        }
    }

    @Test
    void headersAreOctetsWithoutLineEnds() {
        FilterSetup setup =
                AuthorSetup.of(
                        Filter.headers((request, stream) -> {
                            request.set("x-wide", "\u20ac");
                            request.add("x-many", "1");
                            request.add("x-many", "2");
                            assertThat(request.values("X-Many")).containsExactly("1", "2");
                            assertThat(request.remove("x-gone")).isTrue();
                            assertThatThrownBy(() -> request.set("x-bad", "a\r\nb: c"))
                                    .isInstanceOf(IllegalArgumentException.class);
                        }));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/", "x-gone", "1");
            assertThat(exchange.forwarded().header("x-wide")).isEqualTo("\u00e2\u0082\u00ac");
            assertThat(exchange.forwarded().header("x-gone")).isNull();
            assertThat(exchange.forwarded().header("x-bad")).isNull();
        }
    }

    @Test
    void aMessageOfTheAuthorsOwnArrivesAsItsBytes() {
        List<byte[]> seen = new ArrayList<>();
        FilterFactory factory =
                new FilterFactory() {
                    @Override
                    public String name() {
                        return "com.example.Own";
                    }

                    @Override
                    public FilterPlan configure(Settings settings) {
                        assertThat(settings.names()).isEmpty();
                        seen.add(settings.message());
                        return scope -> Filter.headers((request, stream) -> {});
                    }
                };
        CompileSettings settings =
                CompileSettings.strict(
                        new ExtensionRegistry(List.copyOf(new AuthorExtensions().entries(factory))),
                        SecretSources.offline(Map.of()),
                        new LogFiles(new StatsStore(), 10_000, 64));
        Any config =
                Any.newBuilder()
                        .setTypeUrl("type.googleapis.com/com.example.Own")
                        .setValue(ByteString.copyFrom(new byte[] {8, 1}))
                        .build();
        assertThat(
                        CompileContext.root(settings, new Diagnostics("test"))
                                .extension(
                                        ExtensionCategory.HTTP_FILTER,
                                        HttpFilterSpec.class,
                                        "own",
                                        config))
                .isNotNull();
        assertThat(seen).hasSize(1);
        assertThat(seen.getFirst()).containsExactly(8, 1);
    }

    @Test
    void aNameMustFitATypeUrl() {
        FilterFactory odd =
                new FilterFactory() {
                    @Override
                    public String name() {
                        return "a/b";
                    }

                    @Override
                    public FilterPlan configure(Settings settings) {
                        throw new AssertionError("nobody asks");
                    }
                };
        assertThatThrownBy(() -> new AuthorExtensions().entries(odd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a/b'");
    }
}
