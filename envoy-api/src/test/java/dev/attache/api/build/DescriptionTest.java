package dev.attache.api.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.attache.api.DescriptorTypes;
import dev.attache.api.FieldRules;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import io.envoyproxy.envoy.type.matcher.v3.StringProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The description is read as README.md says, and its mistakes are named by file and line. */
class DescriptionTest {
    private static final String STRING_MATCHER = "envoy.type.matcher.v3.StringMatcher";

    @Test
    void addsFieldsToAMessageOfTheClasses() {
        MessageType type =
                message(
                        STRING_MATCHER,
                        "extend envoy.type.matcher.v3.StringMatcher",
                        "  repeated ListStringMatcher others = 90 [min_items 1]  # 1.38",
                        "  optional bool strict = 91 [deprecated, disallowed]",
                        "  oneof match_pattern [required]",
                        "    string like = 92 [min_len 1, sensitive]");

        FieldType others = field(type, "others");
        assertThat(others.number()).isEqualTo(90);
        assertThat(others.isRepeated()).isTrue();
        assertThat(others.message().fullName())
                .isEqualTo("envoy.type.matcher.v3.ListStringMatcher");
        assertThat(check(others)).isEqualTo(new FieldRules.Items(1, -1, false, null, false));
        FieldType strict = field(type, "strict");
        assertThat(strict.hasPresence()).isTrue();
        assertThat(strict.oneof()).isNull();
        assertThat(strict.isDeprecated()).isTrue();
        assertThat(strict.isDisallowed()).isTrue();
        FieldType like = field(type, "like");
        assertThat(Objects.requireNonNull(like.oneof()).name()).isEqualTo("match_pattern");
        assertThat(Objects.requireNonNull(like.oneof()).fields())
                .hasSizeGreaterThan(2)
                .contains(like);
        assertThat(like.isSensitive()).isTrue();
        assertThat(type.fields().getLast()).isSameAs(like);
    }

    @Test
    void makesMessagesMapsAndEnums() {
        MessageType type =
                message(
                        "envoy.type.matcher.v3.New",
                        "file envoy/type/matcher/v3/new.proto",
                        "message envoy.type.matcher.v3.New",
                        "  Inner inner = 1 [required]",
                        "  Mode mode = 2 [defined_only, in (0 3)]",
                        "  map<string, StringMatcher> by_name = 3 [min_pairs 1, keys {pattern"
                                + " \"^[a-z\\\"\\\\]*$\"}, values {required}]",
                        "message envoy.type.matcher.v3.New.Inner",
                        "  google.protobuf.UInt32Value count = 1 [lte 10, gte 0]",
                        "  google.protobuf.Duration wait = 2 [required, gt 0.5s]",
                        "enum envoy.type.matcher.v3.New.Mode",
                        "  OFF = 0",
                        "  ON = 3 [deprecated]");

        assertThat(type.file()).isEqualTo("envoy/type/matcher/v3/new.proto");
        assertThat(Objects.requireNonNull(field(type, "inner").rules()).required()).isTrue();
        assertThat(field(type, "mode").enumeration().values())
                .extracting(value -> value.fullName() + value.isDeprecated())
                .containsExactly(
                        "envoy.type.matcher.v3.New.OFFfalse", "envoy.type.matcher.v3.New.ONtrue");
        assertThat(check(field(type, "mode")))
                .isEqualTo(new FieldRules.Enums(null, true, List.of(0, 3), List.of()));
        FieldType map = field(type, "byName");
        assertThat(map.isMap()).isTrue();
        assertThat(map.message().isMapEntry()).isTrue();
        assertThat(map.message().fields())
                .extracting(FieldType::kind)
                .containsExactly(FieldType.Kind.STRING, FieldType.Kind.MESSAGE);
        FieldRules.Pairs pairs = (FieldRules.Pairs) check(map);
        assertThat(pairs.min()).isOne();
        FieldRules keys = Objects.requireNonNull(pairs.keys());
        assertThat(((FieldRules.Strings) Objects.requireNonNull(keys.check())).pattern())
                .isEqualTo("^[a-z\"\\]*$");
        assertThat(Objects.requireNonNull(pairs.values()).required()).isTrue();
        MessageType inner = field(type, "inner").message();
        FieldRules.Numbers count = (FieldRules.Numbers) check(field(inner, "count"));
        assertThat(count.lte()).isEqualTo(10L);
        assertThat(count.gte()).isEqualTo(0L);
        FieldRules.Durations wait = (FieldRules.Durations) check(field(inner, "wait"));
        assertThat(wait.required()).isTrue();
        assertThat(wait.gt()).hasMillis(500);
    }

    @Test
    void changesFieldsAndOneofs() {
        MessageType type =
                message(
                        STRING_MATCHER,
                        "extend envoy.type.matcher.v3.StringMatcher",
                        "  change repeated bool ignore_case = 6",
                        "  change oneof match_pattern",
                        "    string like = 92");

        assertThat(field(type, "ignore_case").isRepeated()).isTrue();
        assertThat(type.oneofs().getFirst().isRequired()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    extend envoy.type.matcher.v3.Nothing                   | t.api:1: there is no envoy.type.matcher.v3.Nothing
                    enum envoy.type.matcher.v3.StringMatcher               | t.api:1: no file is named for this type
                    expand envoy.type.matcher.v3.StringMatcher             | t.api:1: unknown statement "expand"
                    extend envoy.type.matcher.v3.StringMatcher;  bool a    | t.api:2: expected "=", found the end of the line
                    extend envoy.type.matcher.v3.StringMatcher;  bool a = x | t.api:2: "x" is no number
                    extend envoy.type.matcher.v3.StringMatcher;  boolean a = 9 | t.api:2: there is no type boolean
                    extend envoy.type.matcher.v3.StringMatcher;  string exact = 1 | t.api:2: the classes have it
                    extend envoy.type.matcher.v3.StringMatcher;  string a = 1 | t.api:2: number 1 is that of exact
                    extend envoy.type.matcher.v3.StringMatcher;  change string a = 1 | t.api:2: there is no such field
                    extend envoy.type.matcher.v3.StringMatcher;  string a = 9 [gt 1] | t.api:2: "gt" is no constraint here
                    extend envoy.type.matcher.v3.StringMatcher;  string a = 9 [min_len] | t.api:2: "min_len" takes one value
                    extend envoy.type.matcher.v3.StringMatcher;  string a = 9 [min_len x] | t.api:2: "x" is no value of "min_len"
                    extend envoy.type.matcher.v3.StringMatcher;  string a = 9 [pattern x] | t.api:2: "x" is no value of "pattern"
                    extend envoy.type.matcher.v3.StringMatcher;  string a = 9 more | t.api:2: unexpected "more"
                    extend envoy.type.matcher.v3.StringMatcher;  string a = 9 [pattern "x] | t.api:2: a quote is not closed
                    extend envoy.type.matcher.v3.StringMatcher;   string a = 9 | t.api:2: indented by 3
                    extend envoy.type.matcher.v3.StringMatcher;  oneof match_pattern | t.api:2: in the classes it is required
                    extend envoy.type.matcher.v3.StringMatcher;  A = 9 | t.api:2: a message has no values
                    file a.proto;message envoy.type.matcher.v3.StringMatcher | t.api:2: envoy.type.matcher.v3.StringMatcher is in envoy/type/matcher/v3/string.proto
                    """)
    void namesTheLineOfAMistake(String lines, String message) {
        assertThatThrownBy(() -> files(lines.split(";")))
                .isInstanceOf(DescriptionException.class)
                .hasMessage(message);
    }

    private static MessageType message(String fullName, String... lines) {
        DescriptorTypes types = new DescriptorTypes(name -> null);
        for (FileDescriptor file : files(lines).build()) {
            for (Descriptor message : file.getMessageTypes()) {
                if (message.getFullName().equals(fullName)) {
                    return types.message(message);
                }
            }
        }
        throw new AssertionError("no " + fullName);
    }

    private static ApiFiles files(String... lines) {
        List<FileDescriptor> classes = new ArrayList<>();
        collect(StringProto.getDescriptor(), classes);
        ApiFiles files = new ApiFiles(classes);
        files.add(DescriptionReader.read("t.api", List.of(lines)));
        return files;
    }

    private static void collect(FileDescriptor file, List<FileDescriptor> into) {
        if (!into.contains(file)) {
            into.add(file);
            file.getDependencies().forEach(imported -> collect(imported, into));
        }
    }

    private static FieldType field(MessageType type, String name) {
        return Objects.requireNonNull(type.field(name), name);
    }

    private static FieldRules.Check check(FieldType field) {
        return Objects.requireNonNull(Objects.requireNonNull(field.rules()).check());
    }
}
