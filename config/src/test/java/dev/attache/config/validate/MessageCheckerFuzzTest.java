package dev.attache.config.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.config.Diagnostic;
import dev.attache.config.Diagnostics;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.support.SupportTable;
import dev.attache.testkit.DefaultInstances;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Whatever bytes claim to be a message of the table: judged without an exception, in words that say
 * something, and the same when protobuf has read and written them.
 */
class MessageCheckerFuzzTest {
    private static final List<String> NAMES = ApiTable.messageNames();

    private final TypeRegistry types = new TypeRegistry();
    private final MessageChecker checker = new MessageChecker(new SupportTable(), types);

    @FuzzTest
    void anyBytesAreJudged(FuzzedDataProvider data) {
        String name = NAMES.get(data.consumeInt(0, NAMES.size() - 1));
        MessageType type = Objects.requireNonNull(ApiTable.message(name));
        ByteString bytes = ByteString.copyFrom(data.consumeRemainingAsBytes());

        Findings findings = checker.check(type, bytes, "a", false);

        assertThat(said(findings)).noneMatch(diagnostic -> diagnostic.message().isBlank());
        assertThat(findings.violations()).allMatch(path -> path.startsWith("a"));
        Message written = written(type, bytes);
        // Its own reader is the stricter one: Java's passes over some numbers that are too long.
        if (written != null && findings.isReadable()) {
            assertThat(checker.check(written, "a").violations()).isEqualTo(findings.violations());
        }
    }

    private static List<Diagnostic> said(Findings findings) {
        Diagnostics diagnostics = new Diagnostics("test");
        findings.report(
                new UnheededFields(UnknownFieldPolicy.WARN),
                DeprecatedFeatures.STRICT,
                diagnostics);
        List<Diagnostic> all = new ArrayList<>(diagnostics.errors());
        all.addAll(diagnostics.warnings());
        return all;
    }

    /** What the class of the type reads; null if there is none, or it reads nothing. */
    private Message written(MessageType type, ByteString bytes) {
        Message prototype = prototype(type).orElse(null);
        try {
            return prototype == null ? null : prototype.getParserForType().parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return null; // no such message
        }
    }

    /** The default instance of the type's class, if it has one. */
    private static Optional<Message> prototype(MessageType type) {
        return DefaultInstances.of(type.className(), Message.class);
    }
}
