// SPDX-License-Identifier: Apache-2.0
//
// Printed by reference/fit_wide.py. Fixed-point numbers: "in 2^-k" says that the integer counts units of 2^-k.
#pragma once

#include <cstdint>

#include "reference/wide.hpp"

namespace actbench::reference {

constexpr Word join(std::uint64_t high, std::uint64_t low) { return Word{high} << 64 | low; }

/// ln 2 in 2^-128, and so ln 2/64 in 2^-134.
inline constexpr Word ln2_word = join(0xb17217f7d1cf79ab, 0xc9e3b39803f2f6af);

/// π in 2^-126.
inline constexpr Word pi_word = join(0xc90fdaa22168c234, 0xc4c6628b80dc1cd1);

/// √2 in 2^-127.
inline constexpr Word root_two_word = join(0xb504f333f9de6484, 0x597d89b3754abe9f);

/// √(2/π) in 2^-128.
inline constexpr Word root_two_over_pi_word = join(0xcc42299ea1b28468, 0x7e59e2805d5c7180);

/// 2/√π in 2^-127.
inline constexpr Word two_over_root_pi_word = join(0x906eba8214db688d, 0x71d48a7f6bfec344);

/// 2^(j/64) in 2^-127.
inline constexpr Word power_table[] = {
    join(0x8000000000000000, 0x0000000000000000), join(0x8164d1f3bc030773, 0x7be56527bd14def5),
    join(0x82cd8698ac2ba1d7, 0x3e2a475b46520bff), join(0x843a28c3acde4046, 0x1af92eca13fd1582),
    join(0x85aac367cc487b14, 0xc5c95b8c2154c1b2), join(0x871f61969e8d1010, 0x3a1727c57b52a956),
    join(0x88980e8092da8527, 0x5df8d76c98c67563), join(0x8a14d575496efd9a, 0x080ca1d92c3680c2),
    join(0x8b95c1e3ea8bd6e6, 0xfbe4628758a53c90), join(0x8d1adf5b7e5ba9e5, 0xb4c7b4968e41ad36),
    join(0x8ea4398b45cd53c0, 0x2dc0144c8783d4c6), join(0x9031dc431466b1dc, 0x775814a8494e87e2),
    join(0x91c3d373ab11c336, 0x0fd6d8e0ae5ac9d8), join(0x935a2b2f13e6e92b, 0xd339940e9d924ee7),
    join(0x94f4efa8fef70961, 0x2e8afad12551de54), join(0x96942d3720185a00, 0x48ea9b683a9c22c5),
    join(0x9837f0518db8a96f, 0x46ad23182e42f6f6), join(0x99e0459320b7fa64, 0xe43086cb34b5fcaf),
    join(0x9b8d39b9d54e5538, 0xa2a817a2a3cc3f1f), join(0x9d3ed9a72cffb750, 0xde494cf050e99b0b),
    join(0x9ef5326091a111ad, 0xa0911f09ebb9fdd1), join(0xa0b0510fb9714fc2, 0x192dc79edb0fd9a9),
    join(0xa27043030c496818, 0x9b7a04ef80cfdea8), join(0xa43515ae09e6809e, 0x0d1db4831781e1ef),
    join(0xa5fed6a9b15138ea, 0x1cbd7f621710701b), join(0xa7cd93b4e9653569, 0x9ec5b4d5039f72af),
    join(0xa9a15ab4ea7c0ef8, 0x541e24ec3531fa73), join(0xab7a39b5a93ed337, 0x658023b2759e0079),
    join(0xad583eea42a14ac6, 0x4980a8c8f59a2ec4), join(0xaf3b78ad690a4374, 0xdf26101ccbb35033),
    join(0xb123f581d2ac258f, 0x87d037e96d215d8e), join(0xb311c412a9112489, 0x3ecf14dc798a519c),
    join(0xb504f333f9de6484, 0x597d89b3754abe9f), join(0xb6fd91e328d17791, 0x07165f0ddd541a5a),
    join(0xb8fbaf4762fb9ee9, 0x1b879778566b65a2), join(0xbaff5ab2133e45fb, 0x74d519d24593838c),
    join(0xbd08a39f580c36be, 0xa8811fb66d0faf7a), join(0xbf1799b67a731082, 0xe815d0abcbf0b851),
    join(0xc12c4cca66709456, 0x7c457d59a50087b5), join(0xc346ccda24976407, 0x20ec856128b83a42),
    join(0xc5672a115506dadd, 0x3e2ad0c964dd9f37), join(0xc78d74c8abb9b15c, 0xc13a2e3976c0277e),
    join(0xc9b9bd866e2f27a2, 0x80e1f92a0511697e), join(0xcbec14fef2727c5c, 0xf4907c8f45ebf6dd),
    join(0xce248c151f8480e3, 0xe235838f95f2c6ed), join(0xd06333daef2b2594, 0xd6d45c6559a4d502),
    join(0xd2a81d91f12ae45a, 0x12248e57c3de4028), join(0xd4f35aabcfedfa1f, 0x5921deffa6262c5b),
    join(0xd744fccad69d6af4, 0x39a68bb9902d3fde), join(0xd99d15c278afd7b5, 0xfe873deca3e12bac),
    join(0xdbfbb797daf23755, 0x3d840d5a9e29aa64), join(0xde60f4825e0e9123, 0xdd07a2d9e8466859),
    join(0xe0ccdeec2a94e111, 0x065895048dd333ca), join(0xe33f8972be8a5a51, 0x09bfe90795980eed),
    join(0xe5b906e77c8348a8, 0x1e5e8f4a4edbb0ed), join(0xe8396a503c4bdc68, 0x791790d0ac70c7de),
    join(0xeac0c6e7dd24392e, 0xd02d75b3706e54fb), join(0xed4f301ed9942b84, 0x600d2db6a64bfb12),
    join(0xefe4b99bdcdaf5cb, 0x46561cf6948db913), join(0xf281773c59ffb139, 0xe8980a9cc8f47a4b),
    join(0xf5257d152486cc2c, 0x7b9d0c7aed980fc3), join(0xf7d0df730ad13bb8, 0xfe90d496d60fb6eb),
    join(0xfa83b2db722a033a, 0x7c25bb14315d7fcd), join(0xfd3e0c0cf486c174, 0x853f3a5931e0ee03),
};

/// ln(1 + (2j + 1)/128) in 2^-128.
inline constexpr Word log_table[] = {
    join(0x01fe02a6b106788f, 0xc37690391dc282d3), join(0x05ee46c1f56c46aa, 0x49fd531c5af00773),
    join(0x09cf43dcff5eafd4, 0x80ad90155c8a7235), join(0x0da16eb88cb8df61, 0x468a63ecfb66e94b),
    join(0x116536eea37ae0e8, 0x625c173dd325e46e), join(0x151b073f06183f69, 0x278e686a2f91584c),
    join(0x18c345d6319b20f5, 0xacb42a65edab4357), join(0x1c5e548f5bc74315, 0xd617ef8161b1769e),
    join(0x1fec9131dbeabaaa, 0x2e5199f9324e3bff), join(0x236e55aa5ecf4052, 0x0c08d1cb35ce7e78),
    join(0x26e3f8403d1ee877, 0x9b2d8abc627f2e82), join(0x2a4dcbc743686f45, 0xc803adc796334db8),
    join(0x2dac1fce33a4391a, 0xa8ecb89974378df7), join(0x30ff40ca41922120, 0x401202fb932ef5a5),
    join(0x3447783fc56ac632, 0x6e2360f533184fc8), join(0x37850ce85b19ac53, 0xf39d121c3d53c3c6),
    join(0x3ab842d69f7722b7, 0x221acbf26a00e1e3), join(0x3de15b97b8b26ca4, 0x31bca86e106429f6),
    join(0x41009652d341036b, 0x89ef42d7ee95e444), join(0x44162fe6b92b5462, 0x7e82ad32cc73e14d),
    join(0x47226305a667ebef, 0x1a39d500e3bbc33c), join(0x4a25684f7a1a8d7a, 0xd24c13f040e58b5b),
    join(0x4d1f766a61f55359, 0x159d3fb73043dca2), join(0x5010c21a1a9f8ef4, 0x3049f7d319298564),
    join(0x52f97e55dde2836d, 0x326527dbf6191eb9), join(0x55d9dc5d1569b152, 0x6adb283660bd00f9),
    join(0x58b20bcae71e54bd, 0xbd7c8a980728b9c9), join(0x5b823aa8ae878e30, 0x4e4c635c5f0bc0c6),
    join(0x5e4a957f751e89f0, 0x57691fe9ed6815a0), join(0x610b47687a2c5d24, 0xec519784676688f0),
    join(0x63c47a1cd98b1df8, 0x5da755a61a29979d), join(0x667656045f822b2e, 0xa4bbb11e0c6fdd26),
    join(0x6921024396ec28af, 0xf29adc3ad3a4b274), join(0x6bc4a4c91de1ac44, 0xce11285770a030e2),
    join(0x6e61625a4c43ed66, 0x3ec53e23bc39ef20), join(0x70f75e9f36b535ce, 0xcf052dea69b60bb5),
    join(0x7386bc2e17cfaded, 0xf4af2ab426749c43), join(0x760f9c9628bcf941, 0x456e8bb25110ea51),
    join(0x78922069f1b09872, 0xf63d16552918d8a8), join(0x7b0e67491a33005d, 0x73b94fcd4e5bfb09),
    join(0x7d848fe9c0a2b185, 0x15b0f2db34148654), join(0x7ff4b8215fd26156, 0x5f40d9321af246e3),
    join(0x825efced4936932f, 0xe60804593bed4da1), join(0x84c37a7ab9a905c8, 0xfed4a7fa1fe03811),
    join(0x87224c2e8e645fb7, 0x572ef4b4b1f1a3f7), join(0x897b8cac9f7de298, 0x0918ce3e86a5a24f),
    join(0x8bcf55dec4cd05fe, 0x30737d03e970d58e), join(0x8e1dc0fb89e125e4, 0xa7c766fde2efc77f),
    join(0x9066e68c955b6c9a, 0x81e87badfd849e89), join(0x92aade74c7be59e0, 0x21d6d6881e710847),
    join(0x94e9bff615845642, 0xe6b65d2e67db5d0d), join(0x9723a1b720134202, 0xa10c34910d589296),
    join(0x995899c890eb8990, 0x2ab5b3d916b06716), join(0x9b88bdaa3a3dae2e, 0xe8124226efc8f896),
    join(0x9db4224fffe1157c, 0x76f60c2c9b341d6e), join(0x9fdadc268b7a12da, 0x74ea82e55dde6c85),
    join(0xa1fcff17ce733bd3, 0x93dcdb0770cb6c1c), join(0xa41a9e8f5446fb9e, 0xaf45d980fe84b0c2),
    join(0xa633cd7e6771cd8b, 0x4766e98c37ec33b6), join(0xa8489e600b435a5e, 0x59d2d85ab61ed2f2),
    join(0xaa59233ccca4bd48, 0xaa145a1ec1796894), join(0xac656dae6bcc4984, 0x9792ec984585513c),
    join(0xae6d8ee360bb2467, 0xb71e2eb8418af602), join(0xb07197a23c46c653, 0xe44ad05a76554335),
};

/// 1/(k + 2)! in 2^-128.
inline constexpr Word inverse_factorial[] = {
    join(0x8000000000000000, 0x0000000000000000), join(0x2aaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaab),
    join(0x0aaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaab), join(0x0222222222222222, 0x2222222222222222),
    join(0x005b05b05b05b05b, 0x05b05b05b05b05b0), join(0x000d00d00d00d00d, 0x00d00d00d00d00d0),
    join(0x0001a01a01a01a01, 0xa01a01a01a01a01a), join(0x00002e3bc74aad8e, 0x671f5583911ca003),
    join(0x0000049f93edde27, 0xd71cbbc05b4fa99a), join(0x0000006b99159fd5, 0x138e3f9d1f92e0df),
    join(0x00000008f76c77fc, 0x6c4bdaa26d4c3d68), join(0x00000000b092309d, 0x43684be51c198e92),
    join(0x000000000c9cba54, 0x603e4e905d6f8a2f), join(0x0000000000d73f9f, 0x399dc0f88ec32b58),
};

/// 1/(2k + 3) in 2^-128.
inline constexpr Word inverse_odd[] = {
    join(0x5555555555555555, 0x5555555555555555), join(0x3333333333333333, 0x3333333333333333),
    join(0x2492492492492492, 0x4924924924924925), join(0x1c71c71c71c71c71, 0xc71c71c71c71c71c),
    join(0x1745d1745d1745d1, 0x745d1745d1745d17), join(0x13b13b13b13b13b1, 0x3b13b13b13b13b14),
    join(0x1111111111111111, 0x1111111111111111), join(0x0f0f0f0f0f0f0f0f, 0x0f0f0f0f0f0f0f0f),
    join(0x0d79435e50d79435, 0xe50d79435e50d794),
};

/// The powers of x² in (x - tanh x)/x³, signs left out, in 2^-128.
inline constexpr Word tanh_deficit_series[] = {
    join(0x5555555555555555, 0x5555555555555555), join(0x2222222222222222, 0x2222222222222222),
    join(0x0dd0dd0dd0dd0dd0, 0xdd0dd0dd0dd0dd0e), join(0x05993d220b043e7c, 0xcb5aee9277605994),
    join(0x0244dc6abcd84791, 0xeb6a3872e9f6403b), join(0x00eb69e870abeefd, 0xafe606d2e4d1e660),
    join(0x005f68d914add78a, 0xda8764d7a2d130cd), join(0x0026ab049006ce88, 0xa446cab1f8f9189f),
    join(0x000fabebb9a68b32, 0x10d55a913ccb500a), join(0x000659f862bf2beb, 0x2289eb5bd2bb19f2),
    join(0x000292fb1dd44a4b, 0x267cb40b934a18c8), join(0x00010b132d39a605, 0x04ec9d30b0658501),
    join(0x00006c3dcb4fb893, 0xa48b446eeacab048), join(0x00002bde5b48e9cb, 0x6d8f678a051770c4),
    join(0x000011c77df95c1c, 0x0d02dc9139620f16),
};

/// 1/(k! (2k + 1)) for k >= 1, in 2^-128.
inline constexpr Word erf_series[] = {
    join(0x5555555555555555, 0x5555555555555555), join(0x1999999999999999, 0x999999999999999a),
    join(0x0618618618618618, 0x6186186186186186), join(0x012f684bda12f684, 0xbda12f684bda12f7),
    join(0x0031a6031a6031a6, 0x031a6031a6031a60), join(0x0007007007007007, 0x0070070070070070),
    join(0x0000ddebbc99a778, 0x556334111eefccdb), join(0x0000187a00187a00, 0x187a00187a00187a),
    join(0x0000026eef8aaad1, 0x99a35557c444e000), join(0x000000385c60a90e, 0x166f15218a7181fb),
    join(0x00000004ad9cc42a, 0xa7ce8854be9714e8), join(0x000000005bd12384, 0xfa1783a018da16f0),
    join(0x00000000068a27b9, 0xf903dce28f435122), join(0x00000000006f55df, 0x9963408090769ad5),
    join(0x000000000006f189, 0x43ec508c25a332f2), join(0x000000000000685c, 0xe859fee932b1d2fe),
    join(0x00000000000005c9, 0xc72f9618fb112d43), join(0x000000000000004d, 0xdf08443c820c0cc2),
    join(0x0000000000000003, 0xe3680e76694cf3db), join(0x0000000000000000, 0x2f57ae44b1f6dc25),
    join(0x0000000000000000, 0x022648d579c37bae), join(0x0000000000000000, 0x0017e6b81382cd42),
    join(0x0000000000000000, 0x0000feb5f5eb2884), join(0x0000000000000000, 0x00000a2e0541c77f),
    join(0x0000000000000000, 0x00000064272778e9), join(0x0000000000000000, 0x00000003b4e8c0ab),
    join(0x0000000000000000, 0x0000000021dde61f), join(0x0000000000000000, 0x00000000012ac654),
    join(0x0000000000000000, 0x000000000009f40e), join(0x0000000000000000, 0x0000000000005226),
    join(0x0000000000000000, 0x0000000000000291), join(0x0000000000000000, 0x0000000000000014),
    join(0x0000000000000000, 0x0000000000000001),
};

/// (t + 15/4) e^(t²) erfc(t) for t >= 1/2, v = 1/(t + 15/4): in the i-th piece 32v = i + w, powers of w in 2^-125,
/// two's complement. Absolute error 2^-123.4; the steepest slope in v is 27.91.
inline constexpr Word erfc_tail[8][23] = {
    {
        join(0x120dd750429b6d11, 0xae3a914fed7fd869), join(0x021d9f3b67ce36c8, 0x126add075dd4f7fc),
        join(0x003d36ee0c21d6fd, 0xcff2be94b30397b7), join(0x0006a508169203a4, 0x0c59d79e2a803e48),
        join(0x0000b06259608fbc, 0x9a448c3d28da87c5), join(0x00001159026e07d6, 0x480ddb814003fda2),
        join(0x0000019a30d10891, 0x46913501c16fae6d), join(0x000000230ef6ac7b, 0x258ef8733bba0471),
        join(0x00000002b4d6314e, 0xef490d09d427429a), join(0x000000002e22231a, 0xc4e4bd97d310387a),
        join(0x00000000025c8f25, 0xaa46d91c1b8b7e89), join(0x00000000000d2e1a, 0x8879901973d4178d),
        join(0xfffffffffffe4c22, 0x4841dc917fe0659b), join(0xffffffffffffb926, 0xdc8a35c3c1be955f),
        join(0xfffffffffffffa76, 0xd661c6a287654fe7), join(0xffffffffffffffd5, 0xe8bc0ea681c74afd),
        join(0x0000000000000005, 0x72ed17523414ad1a), join(0x0000000000000000, 0xf72e90fa01938c3c),
        join(0x0000000000000000, 0x11c07c385d29a50f), join(0xffffffffffffffff, 0xffb05dde093f7693),
        join(0xffffffffffffffff, 0xffe5b653310022a7), join(0xffffffffffffffff, 0xfff59c08130dc24f),
        join(0x0000000000000000, 0x0000c1806d11063d),
    },
    {
        join(0x147015fd4e13dc61, 0x31a54b715d73c5dd), join(0x02af1f20211042a2, 0x038063569faa1237),
        join(0x0056110a47af9fcd, 0xaf7681216106af3e), join(0x000a398a44911bb0, 0x56ad75ceb73b5746),
        join(0x000124c971a26ab6, 0xdc2368672d947ad1), join(0x00001e8709492951, 0xb6fb71621f442c12),
        join(0x000002ec83a3e568, 0xdf80c53d7a00adbd), join(0x0000004057693d4f, 0x009e64648ee8b305),
        join(0x00000004c1dabd6e, 0xeb9397a0938e2fce), join(0x00000000462b0935, 0xd9761e866e3ef8f4),
        join(0x0000000002177034, 0x8838b80e52f9e55c), join(0xffffffffffdafd8e, 0x4cd9c9d6f9c42e76),
        join(0xfffffffffff8b30e, 0xa14e94cd72304947), join(0xffffffffffff7140, 0x028ed4fc37900b55),
        join(0xfffffffffffffdc5, 0xb00529ac4ecc3771), join(0x00000000000000d7, 0x6e76379cfa80934d),
        join(0x000000000000001a, 0xfbd50bcffa4fd354), join(0x0000000000000000, 0xe8cb0e85186fdae9),
        join(0xffffffffffffffff, 0xd77e63e8dca01b30), join(0xffffffffffffffff, 0xfa49b6ce4c193c9a),
        join(0xffffffffffffffff, 0xffa1bef829f9afb2), join(0x0000000000000000, 0x0017f49160c75b8f),
        join(0x0000000000000000, 0x000017302a9e8dad),
    },
    {
        join(0x1780c6345b4de8b0, 0xc11eac089d92e121), join(0x037f2d12861ff601, 0xfe8643508c9a9247),
        join(0x007cfd5a64610569, 0xb2986158b473164c), join(0x0010425eee5b23ec, 0x2fe574635ce591db),
        join(0x0001f3854ce15967, 0x5b782cb6cfd9366b), join(0x00003687eea931b8, 0x858739b68db5d02e),
        join(0x0000054c77e31808, 0x695f510eb3424b91), join(0x00000070f53d28cf, 0xbfe1a77207328519),
        join(0x000000076eb74e71, 0x77d616d4487bb4e2), join(0x000000004b510094, 0xf0cb115d9d554116),
        join(0xfffffffffe039b3e, 0x1f515f56b0eddfa0), join(0xffffffffff5b1332, 0x5a5dc86518ec600f),
        join(0xfffffffffff2ed24, 0x9b858d060ba8d3e3), join(0xffffffffffffe619, 0x917c789b7d5ce9de),
        join(0x0000000000001681, 0x2296d50fbb3b26c5), join(0x0000000000000229, 0x025df65ab8147df4),
        join(0xfffffffffffffffd, 0x2f6fffd228ae1f4f), join(0xfffffffffffffffa, 0xd22063d1c8b9ac5b),
        join(0xffffffffffffffff, 0xa3cf380614c0c278), join(0x0000000000000000, 0x0618cf17cff0731c),
        join(0x0000000000000000, 0x018fba7e0753e60a), join(0xffffffffffffffff, 0xfffd1ec92e21291c),
        join(0xffffffffffffffff, 0xfffc686b5450e192),
    },
    {
        join(0x1b8f62d2942ebd57, 0x8dabf1715f697cec), join(0x04b2f0c07ac9fd01, 0xbcf22ae68b4a4b42),
        join(0x00bbf47fa6ef6d20, 0x169bd1226d4e0f13), join(0x001aace5e4730ba6, 0xf89faf1ffd60a3b4),
        join(0x000365444d0791e8, 0xc374558e5599d183), join(0x00006158dfb51403, 0x6763d2ed627b6f8c),
        join(0x0000094905d51bcd, 0x30a9de2ddf4252a6), join(0x000000b517b5147f, 0xf9fe558193a45aac),
        join(0x000000093857ee14, 0x8b60090149e721ca), join(0x0000000009593dc7, 0x5deb9bcf8f87095d),
        join(0xfffffffff3e0e624, 0x8937b9501a40da79), join(0xfffffffffee084a0, 0x64bc04333d8a53ef),
        join(0xfffffffffffccf6a, 0xab1ac077cb2ca276), join(0x000000000001c5da, 0x03ac5fdf2f7c854a),
        join(0x0000000000002571, 0x67cf6f73bf0cbeae), join(0xfffffffffffffec4, 0xe53304a166677f91),
        join(0xffffffffffffff9d, 0xb199cf3cfc6cba51), join(0xfffffffffffffffd, 0xaa11f36e0ec4fc94),
        join(0x0000000000000000, 0xcc58016d1921f271), join(0x0000000000000000, 0x0e07791af0434f13),
        join(0xffffffffffffffff, 0xfe945af9b9df7cb0), join(0xffffffffffffffff, 0xffc149b5c0e8f42c),
        join(0x0000000000000000, 0x00069d87ccb699f0),
    },
    {
        join(0x211cc59d19135911, 0xb6ca6ef02dcb2c13), join(0x068a993262dfe1c4, 0x362e304e9a0a6074),
        join(0x0124c3674394218a, 0x33af364fe89b1d22), join(0x002ce3e784214744, 0xf8c4cb52b9d8fc4b),
        join(0x0005f288de00600c, 0x84d2a08cbd905c0e), join(0x0000a9e4ec63dff0, 0xa5f4410605be0bb1),
        join(0x00000f35f04cf028, 0x5836a6e3486ac96b), join(0x000000f90da1918e, 0xe5487c10f4c760b2),
        join(0x00000006b5fc760a, 0xe4c3415fa0de6166), join(0xffffffff558ff189, 0xdca6865b0f32d888),
        join(0xffffffffe926f6c5, 0xa8f9fc85489e5388), join(0xffffffffff6ca39d, 0x970a64dcc41955ce),
        join(0x00000000001c487e, 0x26c169e57c9b69e5), join(0x0000000000028254, 0xad1cb0117e5cfc79),
        join(0xffffffffffffe993, 0x8bf1a73230ef2167), join(0xfffffffffffffa49, 0x5db777ca165977c0),
        join(0xfffffffffffffffe, 0x623d9e311a3f1c58), join(0x000000000000000c, 0x0341091aac99e2af),
        join(0x0000000000000000, 0x3e465e5ab2d9ddf1), join(0xffffffffffffffff, 0xe66297e358a92435),
        join(0xffffffffffffffff, 0xfed4bc3535eaa72a), join(0x0000000000000000, 0x005e392246a180b1),
        join(0xffffffffffffffff, 0xfffb7bb50428c554),
    },
    {
        join(0x28ffb2c1003a160b, 0xc9fe160ebce508f6), join(0x09764995562fc55e, 0xb43b87bcc02c6d97),
        join(0x01d6ba7b46b37ddf, 0x1ec67c12b65fe5e3), join(0x004ca474c3d35f5a, 0xb6adf88fd1e95c9c),
        join(0x000a4ba60eaba7d7, 0x4b5223b9d24fd87b), join(0x00011aa3741b7d7e, 0x57df3e6cba889858),
        join(0x00001675f8086bec, 0xc22561e1607347ac), join(0x0000010bb8aacb52, 0xb8245ed4d0c82375),
        join(0xfffffffc96a5b322, 0x81abce08d7e8d544), join(0xfffffffe6fa23061, 0x05cc1392c3ebb72a),
        join(0xffffffffec52f83b, 0xb60fd1977698a5e4), join(0x0000000001478ef7, 0xd9da297832c9b372),
        join(0x00000000002bdab1, 0x4f424f4e6de12259), join(0xffffffffffff59cc, 0xb2a484d62348af68),
        join(0xffffffffffffb143, 0xc8781499129aad53), join(0xffffffffffffffcf, 0x5df87694e56df78e),
        join(0x0000000000000090, 0xdabba90135109bfc), join(0x0000000000000000, 0xdae3a176618185cd),
        join(0xfffffffffffffffe, 0xe26fc36a2070e569), join(0xffffffffffffffff, 0xfffcdec425be811d),
        join(0x0000000000000000, 0x02a7139982991e7a), join(0xffffffffffffffff, 0xffdae07fcb98a493),
        join(0xffffffffffffffff, 0xffff65c98fb8b891),
    },
    {
        join(0x34a4d90c88786612, 0x4b6fb7d14c83f554), join(0x0e38ed9f785ab3e2, 0xdee2f69d8429438d),
        join(0x0306de652aab22a9, 0x66323f92c96d4312), join(0x0082c1f67b98e636, 0x1b5942c5a5271e9a),
        join(0x001144991248bd11, 0x6367d2277827229a), join(0x0001b5c8c33cb9ed, 0xea5450eabafe756e),
        join(0x00001cd7e1a09b97, 0xfa8b0b18d923ae07), join(0x000000b10d110ec6, 0xc12bcdde4505d869),
        join(0xffffffec2f1228da, 0xc6279d006ae55654), join(0xfffffffe12ccb2f5, 0xa389be9d70f9d2a7),
        join(0x0000000003d5f502, 0x3fd5ffca18c71cf2), join(0x0000000002bb80f0, 0x89a2ae6e1674b3f2),
        join(0x00000000000ae4c3, 0x4e718161375c7053), join(0xfffffffffffc19b5, 0x563b25cfdc348f57),
        join(0xffffffffffffe88d, 0x2305b4da03cbfd33), join(0x0000000000000643, 0x417420b85e85d383),
        join(0x000000000000001a, 0xab9b6a7deb50b34a), join(0xfffffffffffffff4, 0xf4b2af3d17cb4395),
        join(0x0000000000000000, 0x08febc8c66edee84), join(0x0000000000000000, 0x13c2ed061872aafe),
        join(0xffffffffffffffff, 0xff47aff5791dfbf8), join(0xffffffffffffffff, 0xffe4335ee499b157),
        join(0x0000000000000000, 0x000266855962e27a),
    },
    {
        join(0x467a7edcb3c5834e, 0xaddfc0914b25a36d), join(0x161d40d465861a9e, 0x7067cb9f89059284),
        join(0x05099674059c54d0, 0x61b7ec5e55ff7097), join(0x00db4250da301f68, 0x71ed72660c8a2890),
        join(0x001b9408b9172479, 0xbefa5243945f6285), join(0x00026c1e6ecb4cfe, 0xd29209210ed95ddd),
        join(0x00001eeaaebb7d0c, 0x1735bc16d140396d), join(0xffffffd2835f2318, 0x996e9f16b5a6ba8d),
        join(0xffffffdd48bbcf8f, 0xd776266416c6d7fa), join(0xfffffffecdad1e01, 0x6ccce0c6db3aff52),
        join(0x00000000204613b3, 0xe1bbca5f376afef9), join(0x00000000020de69c, 0x6920e526e8a0f28b),
        join(0xffffffffffdac14a, 0xe99cee6dea7a70a8), join(0xfffffffffffd3eea, 0xc1f3d89a448e4663),
        join(0x0000000000003902, 0xe40418a45d208d8e), join(0x000000000000031b, 0x795a9af6d7e8a90c),
        join(0xffffffffffffff9b, 0x9151efcf2be9f97e), join(0xfffffffffffffffe, 0x01e0a4bf673a6748),
        join(0x0000000000000000, 0xab28f242cd8f1886), join(0xffffffffffffffff, 0xfceb2839de9f190b),
        join(0xffffffffffffffff, 0xfefc3abc10c75231), join(0x0000000000000000, 0x001693ecc609dfc4),
        join(0xffffffffffffffff, 0xffff71c89feab10f),
    },
};

}  // namespace actbench::reference
