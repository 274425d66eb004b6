package dev.attache.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.HeaderMutations.Addition;
import dev.attache.proxy.route.HeaderMutations.AppendAction;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeaderMutationsTest {

    private final Headers headers = new Headers();

    @Test
    void everyAppendActionKeepsItsWord() {
        headers.add(HeaderName.of("there"), "old");
        apply(
                add("there", "new", AppendAction.APPEND_IF_EXISTS_OR_ADD),
                add("absent", "new", AppendAction.APPEND_IF_EXISTS_OR_ADD));
        assertThat(headers).hasToString("there: old\nthere: new\nabsent: new\n");

        reset();
        apply(
                add("there", "new", AppendAction.ADD_IF_ABSENT),
                add("absent", "new", AppendAction.ADD_IF_ABSENT));
        assertThat(headers).hasToString("there: old\nabsent: new\n");

        reset();
        apply(
                add("there", "new", AppendAction.OVERWRITE_IF_EXISTS_OR_ADD),
                add("absent", "new", AppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
        assertThat(headers).hasToString("there: new\nabsent: new\n");

        reset();
        apply(
                add("there", "new", AppendAction.OVERWRITE_IF_EXISTS),
                add("absent", "new", AppendAction.OVERWRITE_IF_EXISTS));
        assertThat(headers).hasToString("there: new\n");
    }

    @Test
    void removalsComeFirstAndOverwritesBeforeAppends() {
        headers.add(HeaderName.of("x-a"), "1");
        new HeaderMutations(
                        List.of(
                                add("x-a", "appended", AppendAction.APPEND_IF_EXISTS_OR_ADD),
                                add("x-a", "set", AppendAction.OVERWRITE_IF_EXISTS_OR_ADD)),
                        List.of(HeaderName.of("x-a")),
                        List.of())
                .apply(headers, context());
        assertThat(headers).hasToString("x-a: set\nx-a: appended\n");
    }

    @Test
    void valuesAreComputedBeforeAnyIsWritten() {
        headers.add(HeaderName.of("x-a"), "before");
        apply(
                add("x-a", "after", AppendAction.OVERWRITE_IF_EXISTS_OR_ADD),
                add("x-b", "%REQ(x-a)%", AppendAction.APPEND_IF_EXISTS_OR_ADD));
        assertThat(headers).hasToString("x-a: after\nx-b: before\n");
    }

    @Test
    void operationsOfOneLevelDoNotSeeEachOther() {
        apply(
                add("x-a", "1", AppendAction.ADD_IF_ABSENT),
                add("x-a", "2", AppendAction.ADD_IF_ABSENT),
                add("x-b", "1", AppendAction.OVERWRITE_IF_EXISTS_OR_ADD),
                add("x-b", "2", AppendAction.OVERWRITE_IF_EXISTS),
                add("x-b", "3", AppendAction.APPEND_IF_EXISTS_OR_ADD),
                add("x-b", "4", AppendAction.ADD_IF_ABSENT));
        assertThat(headers).hasToString("x-b: 1\nx-a: 1\nx-a: 2\nx-b: 3\nx-b: 4\n");
    }

    @Test
    void emptyValuesAreLeftOutUnlessKept() {
        apply(
                add("x-a", "%REQ(missing)%", AppendAction.APPEND_IF_EXISTS_OR_ADD),
                new Addition(
                        HeaderName.of("x-b"),
                        Formatter.parse("%REQ(missing)%"),
                        AppendAction.APPEND_IF_EXISTS_OR_ADD,
                        true));
        assertThat(headers).hasToString("x-b: \n");
    }

    @Test
    void removalByMatchSparesPseudoHeadersAndHost() {
        headers.add(HeaderName.PATH, "/");
        headers.add(HeaderName.HOST, "h");
        headers.add(HeaderName.of("x-secret-a"), "1");
        headers.add(HeaderName.of("x-secret-b"), "2");
        headers.add(HeaderName.of("x-open"), "3");
        new HeaderMutations(
                        List.of(), List.of(), List.of(new StringMatcher.Prefix("x-secret-", false)))
                .apply(headers, context());
        assertThat(headers).hasToString(":path: /\nhost: h\nx-open: 3\n");
        new HeaderMutations(List.of(), List.of(), List.of(new StringMatcher.Prefix("", false)))
                .apply(headers, context());
        assertThat(headers).hasToString(":path: /\nhost: h\n");
    }

    private void reset() {
        headers.clear();
        headers.add(HeaderName.of("there"), "old");
    }

    private void apply(Addition... additions) {
        new HeaderMutations(List.of(additions), List.of(), List.of()).apply(headers, context());
    }

    private FormatContext context() {
        return FormatContext.of(RouteIndexTest.info(), headers);
    }

    private static Addition add(String name, String value, AppendAction action) {
        return new Addition(HeaderName.of(name), Formatter.parse(value), action, false);
    }
}
