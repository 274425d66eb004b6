package dev.attache.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** On type information made by hand. */
class KernelTypesTest {
    private static final String NAMES = "\0int\0inner\0rmem\0sock\0head\0backlog\0deep\0cast\0";

    private static byte[] sample() {
        ByteBuffer types = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        types.putInt(at("int")).putInt(1 << 24).putInt(4).putInt(32); // 1: int
        struct(types, at("inner"), 1, 8).putInt(at("rmem")).putInt(1).putInt(32); // 2
        types.putInt(0).putInt(5 << 24 | 1).putInt(4); // 3: a union without a name
        types.putInt(at("deep")).putInt(1).putInt(0);
        struct(types, at("sock"), 3, 32); // 4
        types.putInt(at("head")).putInt(1).putInt(0);
        types.putInt(at("backlog")).putInt(2).putInt(64);
        types.putInt(0).putInt(3).putInt(192);
        types.putInt(at("cast")).putInt(12 << 24).putInt(1); // 5: a function
        return blob(types);
    }

    private static int at(String name) {
        return NAMES.indexOf("\0" + name + "\0") + 1;
    }

    private static ByteBuffer struct(ByteBuffer types, int name, int members, int size) {
        return types.putInt(name).putInt(4 << 24 | members).putInt(size);
    }

    private static byte[] blob(ByteBuffer types) {
        byte[] names = NAMES.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
        header.putInt(0).putInt(types.position()).putInt(types.position()).putInt(names.length);
        ByteArrayOutputStream blob = new ByteArrayOutputStream();
        blob.writeBytes(header.array());
        blob.write(types.array(), 0, types.position());
        blob.writeBytes(names);
        return blob.toByteArray();
    }

    @Test
    void membersAreFoundThroughStructuresAndNamelessUnions() {
        KernelTypes types = KernelTypes.of(sample());
        assertThat(types.offset("sock", "head")).isZero();
        assertThat(types.offset("sock", "backlog")).isEqualTo(8);
        assertThat(types.offset("sock", "backlog", "rmem")).isEqualTo(12);
        assertThat(types.offset("sock", "deep")).isEqualTo(24);
    }

    @Test
    void numbersOfTypesAreTheirPlace() {
        KernelTypes types = KernelTypes.of(sample());
        assertThat(types.structureId("sock")).isEqualTo(4);
        assertThat(types.functionId("cast")).isEqualTo(5);
    }

    @Test
    void whatTheKernelLacksIsNamed() {
        KernelTypes types = KernelTypes.of(sample());
        assertThatThrownBy(() -> types.offset("sock", "tail"))
                .hasMessage("struct sock of this kernel has no [tail]");
        assertThatThrownBy(() -> types.offset("file", "head"))
                .hasMessage("this kernel has no file");
        assertThatThrownBy(() -> types.functionId("sock")).hasMessage("this kernel has no sock");
    }

    @Test
    void whatIsNoTypeInformationIsRefused() {
        assertThatThrownBy(() -> KernelTypes.of(new byte[24]))
                .hasMessageContaining("the magic number is missing");
        assertThatThrownBy(() -> KernelTypes.of(new byte[3]))
                .hasMessageContaining("the magic number is missing");
    }
}
