#pragma once

#include "engine/hal/cpu/cores/panels/block.h"
#include "engine/hal/cpu/cores/panels/pack.h"
#include "engine/hal/cpu/cores/scratch.h"

/// C = op(A)·op(B) as OpenBLAS and BLIS compute it (Goto and van de Geijn, 2008): B is packed in
/// panels of kColumns columns, A in strips of kRows rows, and no more of them at a time than caches
/// hold. The terms of a sum are added in the same order in every part.
namespace pumice::kernels::PUMICE_CPU_SET::cores {

// Terms at a time: a panel and a strip fit in a first-level cache, or almost.
constexpr uint32_t kTerms = 384;
// Rows and columns that are packed at a time: they fit in a second-level cache of 1 MiB, as that of
// the EPYC on which they were chosen.
constexpr uint32_t kBlockRows = kRows * (144 / kRows);
constexpr uint32_t kBlockColumns = 512;
// Sums at a time: they stay in a cache until their last term.
constexpr uint32_t kBlockSums = 1 << 18;
// With at most as many columns, packing A would cost more than it gains.
constexpr uint32_t kFewColumns = 128;

/// Rows and columns of C.
struct Part {
  uint32_t row, row_end;
  uint32_t column, column_end;
};

/// Where the rows of a block of C begin.
struct Lines {
  float* of[kBlockRows];
};

/// Computes parts of C. The classes of the matrices have these members:
///     A::kOrder                                   of the numbers that it packs
///     a.pack(row, row_end, term, terms, strips)
///     a.in_place(row, term)                       optional: a strip that is not packed
///     b.pack(column, columns, term, terms, width, panel)
///     c.find(row, rows, lines)                    where rows of C begin
///     c.finish(sums, column, count)               applies the epilogue to a part of a row
template <class A, class B, class C>
struct Product {
  A a;
  B b;
  C c;
  uint32_t all_terms;
  float* strips;
  float* panels;

  /// In blocks whose columns are about the same number.
  void compute(const Part& part) const {
    if (part.row >= part.row_end || part.column >= part.column_end) return;
    const uint32_t columns = part.column_end - part.column;
    const uint32_t blocks = groups_of(kBlockColumns, columns);
    const uint32_t width = groups_of(kColumns, groups_of(blocks, columns)) * kColumns;
    const uint32_t height = groups_of(kBlockRows, kBlockSums / width) * kBlockRows;
    for (uint32_t column = part.column; column < part.column_end; column += width) {
      for (uint32_t row = part.row; row < part.row_end; row += height) {
        add_all_terms({row, smaller(row + height, part.row_end), column,
                       smaller(column + width, part.column_end)});
      }
    }
  }

  void add_all_terms(const Part& part) const {
    uint32_t term = 0;
    do {
      add_terms(part, term);
      term += kTerms;
    } while (term < all_terms);
  }

  /// Adds up to kTerms products, from `term` on, to a part with at most kBlockColumns columns.
  void add_terms(const Part& part, uint32_t term) const {
    const uint32_t terms = smaller(kTerms, all_terms - term);
    for (uint32_t j = part.column; j < part.column_end; j += kColumns) {
      const uint32_t columns = smaller(kColumns, part.column_end - j);
      b.pack(j, columns, term, terms, groups_of(kWidth, columns) * kWidth,
             panels + (j - part.column) * fours(terms));
    }
    for (uint32_t top = part.row; top < part.row_end; top += kBlockRows) {
      const Part block = {top, smaller(top + kBlockRows, part.row_end), part.column,
                          part.column_end};
      if constexpr (requires { a.in_place(0, 0); }) {
        if (part.column_end - part.column <= kFewColumns && terms % 4 == 0) {
          add_blocks<Order::kInPlace>(block, term, terms, a.in_place(top, term));
          continue;
        }
      }
      a.pack(block.row, block.row_end, term, terms, strips);
      add_blocks<A::kOrder>(block, term, terms, {strips, fours(terms)});
    }
  }

  /// The same once B is packed, with strips of A, whose rows are `stride` numbers apart.
  template <Order kOrder>
  void add_blocks(const Part& part, uint32_t term, uint32_t terms, const Strip& strips) const {
    const uint32_t depth = fours(terms);
    Lines lines;
    c.find(part.row, part.row_end - part.row, lines);
    for (uint32_t j = part.column; j < part.column_end; j += kColumns) {
      const uint32_t columns = smaller(kColumns, part.column_end - j);
      for (uint32_t i = part.row; i < part.row_end; i += kRows) {
        const uint32_t rows = smaller(kRows, part.row_end - i);
        const Block block = {rows, j, columns, depth, term == 0, term + terms == all_terms};
        const Strip strip = {strips.first + (i - part.row) * strips.stride, strips.stride};
        add_block<kOrder>(block, strip, panels + (j - part.column) * depth,
                          lines.of + (i - part.row));
      }
    }
  }

  struct Block {
    uint32_t rows;
    uint32_t column, columns;
    uint32_t depth;
    bool is_first, is_last;
  };

  /// One strip times one panel.
  template <Order kOrder>
  void add_block(const Block& block, const Strip& strip, const float* panel,
                 float* const* lines) const {
    const auto [rows, column, columns, depth, is_first, is_last] = block;
    const bool is_edge = columns % kWidth != 0;
    float edge[kRows * kColumns];  // for sums past the last column
    float* sums[kRows] = {};
    for (uint32_t r = 0; r < rows; ++r) {
      sums[r] = is_edge ? edge + r * kColumns : lines[r] + column;
      if (is_edge && !is_first) copy(lines[r] + column, columns, sums[r]);
    }
    add_products<kOrder>(rows, groups_of(kWidth, columns), strip, panel, depth, sums, is_first);
    for (uint32_t r = 0; r < rows; ++r) {
      if (is_last) c.finish(sums[r], column, columns);
      if (is_edge) copy(sums[r], columns, lines[r] + column);
    }
  }
};

template <class A, class B, class C>
PUMICE_CORE Product<A, B, C> product(const A& a, const B& b, const C& c, uint32_t terms) {
  float* memory = hal::cpu::scratch((kBlockRows + kBlockColumns) * kTerms);
  return {a, b, c, terms, memory, memory + kBlockRows * kTerms};
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
