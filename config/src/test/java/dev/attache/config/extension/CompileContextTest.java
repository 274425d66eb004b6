package dev.attache.config.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.Diagnostics;
import dev.attache.config.support.MessageSupport;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.stats.StatsStore;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CompileContextTest {
    /** The spec of the test's extension. */
    record LogSpec(String path) {}

    private static final class LogFactory implements ExtensionFactory<FileAccessLog, LogSpec> {
        @Override
        public ExtensionKey key() {
            return new ExtensionKey(
                    ExtensionCategory.ACCESS_LOGGER,
                    "envoy.extensions.access_loggers.file.v3.FileAccessLog");
        }

        @Override
        public String name() {
            return "envoy.access_loggers.file";
        }

        @Override
        public FileAccessLog prototype() {
            return FileAccessLog.getDefaultInstance();
        }

        @Override
        public Compiled<LogSpec> compile(FileAccessLog proto, CompileContext context) {
            if (proto.getPath().equals("/bad")) {
                context.at("path").error("unable to open file '/bad'");
            }
            return context.result(new LogSpec(proto.getPath()));
        }

        @Override
        public List<MessageSupport> support() {
            return List.of(
                    MessageSupport.of(FileAccessLog.getDescriptor())
                            .honoured("path")
                            .refused("deprecated long ago", "json_format"));
        }
    }

    private final Diagnostics diagnostics = new Diagnostics("listener 'a'");
    private final CompileContext context =
            CompileContext.root(
                            CompileSettings.strict(
                                    new ExtensionRegistry(List.of(new LogFactory())),
                                    SecretSources.offline(java.util.Map.of()),
                                    new LogFiles(new StatsStore(), 10_000, 64)),
                            diagnostics)
                    .at("access_log", 0)
                    .at("typed_config");

    @Test
    void compilesByTypeUrlWhateverTheName() {
        assertThat(compile(Any.pack(FileAccessLog.newBuilder().setPath("/x").build())))
                .isEqualTo(new LogSpec("/x"));
        assertThat(diagnostics.errors()).isEmpty();
    }

    @Test
    void unwrapsBothTypedStructs() {
        Struct struct =
                Struct.newBuilder()
                        .putFields("path", Value.newBuilder().setStringValue("/x").build())
                        .build();
        String url = "type.googleapis.com/" + FileAccessLog.getDescriptor().getFullName();
        var udpa =
                com.github.udpa.udpa.type.v1.TypedStruct.newBuilder()
                        .setTypeUrl(url)
                        .setValue(struct)
                        .build();
        var xds =
                com.github.xds.type.v3.TypedStruct.newBuilder()
                        .setTypeUrl(url)
                        .setValue(struct)
                        .build();
        assertThat(compile(Any.pack(udpa))).isEqualTo(new LogSpec("/x"));
        assertThat(compile(Any.pack(xds))).isEqualTo(new LogSpec("/x"));
    }

    @Test
    void aTypedStructWithAnUnknownFieldIsRejectedAtItsPath() {
        Struct struct = Struct.newBuilder().putFields("nope", number(1)).build();
        var typed =
                com.github.xds.type.v3.TypedStruct.newBuilder()
                        .setTypeUrl("t/" + FileAccessLog.getDescriptor().getFullName())
                        .setValue(struct)
                        .build();
        assertThat(compile(Any.pack(typed))).isNull();
        assertThat(diagnostics.errors())
                .extracting(Diagnostic::fieldPath)
                .containsExactly("access_log[0].typed_config.nope");
    }

    @Test
    void anUnknownTypeIsRejectedInEnvoysWords() {
        assertThat(compile(Any.pack(ListValue.getDefaultInstance()))).isNull();
        assertThat(diagnostics.errors())
                .extracting(Diagnostic::message)
                .containsExactly(
                        "Didn't find a registered implementation for 'my_log' with type URL:"
                                + " 'google.protobuf.ListValue'");
    }

    @Test
    void constraintsAreEnforcedBeforeTheFactorySeesTheMessage() {
        assertThat(compile(Any.pack(FileAccessLog.getDefaultInstance()))).isNull();
        assertThat(diagnostics.errors())
                .extracting(Diagnostic::message)
                .containsExactly(
                        "Proto constraint validation failed (FileAccessLogValidationError.Path:"
                                + " value length must be at least 1 characters)");
    }

    @Test
    void aSetButUnsupportedFieldIsRejectedWithItsPath() {
        var log =
                FileAccessLog.newBuilder()
                        .setPath("/x")
                        .setJsonFormat(Struct.newBuilder().putFields("a", number(1)));
        assertThat(compile(Any.pack(log.build()))).isNull();
        assertThat(diagnostics.errors())
                .extracting(Diagnostic::fieldPath)
                .containsExactly("access_log[0].typed_config.json_format");
    }

    @Test
    void theFactorysOwnErrorsComeThroughOnce() {
        assertThat(compile(Any.pack(FileAccessLog.newBuilder().setPath("/bad").build()))).isNull();
        assertThat(diagnostics.errors())
                .extracting(Diagnostic::render)
                .containsExactly(
                        "listener 'a': access_log[0].typed_config.path: unable to open file"
                                + " '/bad'");
    }

    @Test
    void aKeyThatIsRegisteredTwiceFailsStartUp() {
        assertThatThrownBy(() -> new ExtensionRegistry(List.of(new LogFactory(), new LogFactory())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("registered twice");
    }

    private LogSpec compile(Any any) {
        return context.extension(ExtensionCategory.ACCESS_LOGGER, LogSpec.class, "my_log", any);
    }

    private static Value number(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }
}
