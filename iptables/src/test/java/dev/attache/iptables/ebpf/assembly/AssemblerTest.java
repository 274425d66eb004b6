package dev.attache.iptables.ebpf.assembly;

import static dev.attache.iptables.ebpf.assembly.Register.FP;
import static dev.attache.iptables.ebpf.assembly.Register.R0;
import static dev.attache.iptables.ebpf.assembly.Register.R1;
import static dev.attache.iptables.ebpf.assembly.Register.R2;
import static dev.attache.iptables.ebpf.assembly.Register.R6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.iptables.kernel.MapSpec;
import dev.attache.iptables.kernel.MapType;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Encodings against those of RFC 9669, section 3 to 5. */
class AssemblerTest {
    private static final MapSpec MAP = new MapSpec("numbers", MapType.ARRAY, 4, 8, 1);

    /** Returns the first instruction of a program, in hexadecimal. */
    private static String first(Consumer<Assembler> instruction) {
        return encoded(instruction).substring(0, 16);
    }

    private static String encoded(Consumer<Assembler> instructions) {
        Assembler asm = new Assembler();
        instructions.accept(asm);
        asm.exit();
        return HexFormat.of().formatHex(asm.assemble().encode(map -> 7));
    }

    @Test
    void movesAndArithmeticAreOf64Bits() {
        assertThat(first(asm -> asm.move(R1, 42))).isEqualTo("b70100002a000000");
        assertThat(first(asm -> asm.move(R6, R1))).isEqualTo("bf16000000000000");
        assertThat(first(asm -> asm.moveLow(R2, R1))).isEqualTo("bc12000000000000");
        assertThat(first(asm -> asm.apply(Operation.ADD, R2, -8))).isEqualTo("07020000f8ffffff");
        assertThat(first(asm -> asm.apply(Operation.AND, R2, R1))).isEqualTo("5f12000000000000");
        assertThat(first(asm -> asm.apply(Operation.SHIFT_RIGHT, R0, 32)))
                .isEqualTo("7700000020000000");
        assertThat(first(asm -> asm.swap16(R1))).isEqualTo("dc01000010000000");
    }

    @Test
    void memoryAccessCarriesWidthAndOffset() {
        assertThat(first(asm -> asm.load(Width.BYTE, R1, R6, 4))).isEqualTo("7161040000000000");
        assertThat(first(asm -> asm.load(Width.HALF, R1, R6, 4))).isEqualTo("6961040000000000");
        assertThat(first(asm -> asm.load(Width.WORD, R1, R6, 4))).isEqualTo("6161040000000000");
        assertThat(first(asm -> asm.load(Width.DOUBLE, R1, R6, 4))).isEqualTo("7961040000000000");
        assertThat(first(asm -> asm.store(Width.DOUBLE, FP, -8, R0))).isEqualTo("7b0af8ff00000000");
        assertThat(first(asm -> asm.store(Width.WORD, FP, -4, 9))).isEqualTo("620afcff09000000");
        assertThat(first(asm -> asm.atomicAdd(R0, 16, R1))).isEqualTo("db10100000000000");
    }

    @Test
    void wideConstantsTakeTwoSlots() {
        assertThat(encoded(asm -> asm.loadWide(R1, 0x1122334455667788L)))
                .isEqualTo("18010000" + "88776655" + "00000000" + "44332211" + "9500000000000000");
    }

    @Test
    void mapsAreFilledInWithTheirDescriptor() {
        assertThat(encoded(asm -> asm.loadMap(R1, MAP)))
                .isEqualTo("18110000" + "07000000" + "0000000000000000" + "9500000000000000");
    }

    @Test
    void callsNameAFunctionByNumberOrByType() {
        assertThat(first(asm -> asm.call(KernelFunction.SK_STORAGE_GET)))
                .isEqualTo("850000006b000000");
        assertThat(first(asm -> asm.callKernel(1000))).isEqualTo("85200000e8030000");
    }

    @Test
    void jumpsCountFromTheNextInstruction() {
        String code =
                encoded(asm -> {
                    Label end = asm.label("end");
                    asm.jumpIf(R1, Comparison.EQUAL, 5, end);
                    asm.jumpIf(R1, Comparison.UNSIGNED_GREATER, R2, end);
                    asm.jumpIfLow(R1, Comparison.NOT_EQUAL, -1, end);
                    asm.move(R0, 1);
                    asm.place(end);
                });
        assertThat(code)
                .isEqualTo(
                        "1501030005000000"
                                + "2d21020000000000"
                                + "56010100ffffffff"
                                + "b700000001000000"
                                + "9500000000000000");
    }

    @Test
    void jumpsBackAreNegative() {
        Assembler asm = new Assembler();
        Label start = asm.label("start");
        asm.place(start);
        asm.move(R0, 0);
        asm.jump(start);
        assertThat(HexFormat.of().formatHex(asm.assemble().encode(map -> 0)))
                .isEqualTo("b700000000000000" + "0500feff00000000");
    }

    @Test
    void whatNothingLeadsToIsDropped() {
        Assembler asm = new Assembler();
        Label end = asm.label("end");
        asm.jump(end);
        asm.loadMap(R1, MAP);
        asm.call(KernelFunction.MAP_LOOKUP_ELEM);
        asm.place(end);
        asm.move(R0, 1);
        asm.loadMap(R2, MAP);
        asm.exit();
        asm.move(R0, 2);
        asm.exit();
        Assembly assembly = asm.assemble();
        assertThat(assembly.size()).isEqualTo(5);
        assertThat(HexFormat.of().formatHex(assembly.encode(map -> 9)))
                .isEqualTo(
                        "0500000000000000"
                                + "b700000001000000"
                                + "1812000009000000"
                                + "0000000000000000"
                                + "9500000000000000");
    }

    @Test
    void aLabelMustBePlacedOnce() {
        Assembler asm = new Assembler();
        Label lost = asm.label("lost");
        asm.jump(lost);
        assertThatThrownBy(asm::assemble).hasMessage("label lost is never placed");
        asm.place(lost);
        assertThatThrownBy(() -> asm.place(lost)).hasMessage("label lost is placed twice");
    }

    @Test
    void aProgramMustEnd() {
        Assembler asm = new Assembler();
        asm.move(R0, 1);
        assertThatThrownBy(asm::assemble).hasMessage("the program runs past its end");
    }

    @Test
    void offsetsMustFit16Bits() {
        assertThatThrownBy(() -> new Assembler().load(Width.WORD, R1, R6, 40000))
                .hasMessage("offset 40000 does not fit 16 bits");
    }

    @Test
    void theDigestTellsInstructionsAndMapsApartButNotDescriptors() {
        String one = digest(MAP, 1);
        assertThat(digest(MAP, 1)).isEqualTo(one);
        assertThat(digest(MAP, 2)).isNotEqualTo(one);
        MapSpec other = new MapSpec("letters", MapType.ARRAY, 4, 8, 1);
        assertThat(digest(other, 1)).isNotEqualTo(one);
    }

    private static String digest(MapSpec map, int constant) {
        Assembler asm = new Assembler();
        asm.loadMap(R1, map);
        asm.move(R0, constant);
        asm.exit();
        return asm.assemble().digest();
    }

    @Test
    void theDisassemblySpeaksTheVerifiersNotation() {
        Assembler asm = new Assembler();
        Label end = asm.label("end");
        asm.move(R6, R1);
        asm.load(Width.WORD, R1, R6, 4);
        asm.jumpIfLow(R1, Comparison.SIGNED_LESS, -3, end);
        asm.loadMap(R1, MAP);
        asm.store(Width.HALF, FP, -2, 6);
        asm.store(Width.DOUBLE, FP, -16, R6);
        asm.atomicAdd(FP, -16, R1);
        asm.swap16(R1);
        asm.moveLow(R2, R1);
        asm.apply(Operation.SUBTRACT, R2, 8);
        asm.loadWide(R2, 0x1_0000_0002L);
        asm.call(KernelFunction.GET_NETNS_COOKIE);
        asm.callKernel(12);
        asm.place(end);
        asm.exit();
        assertThat(asm.assemble().disassemble().lines().map(String::strip))
                .containsExactly(
                        "0: r6 = r1",
                        "1: r1 = *(u32 *)(r6 +4)",
                        "2: if (u32) r1 s< -3 goto 15",
                        "3: r1 = map[numbers]",
                        "5: *(u16 *)(fp -2) = 6",
                        "6: *(u64 *)(fp -16) = r6",
                        "7: *(u64 *)(fp -16) atomic += r1",
                        "8: r1 = be16 r1",
                        "9: r2 = (u32) r1",
                        "10: r2 -= 8",
                        "11: r2 = 0x100000002 ll",
                        "13: call get_netns_cookie",
                        "14: call kernel function 12",
                        "15: exit");
    }
}
