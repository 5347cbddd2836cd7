# BERT's encoder (Devlin et al. 2019), post-LayerNorm, without dropout.

# Word, position and segment embeddings; behind the first text's tokens comes the second's segment.
class Embeddings(Module):
  __parameters__ = ["words", "positions", "segments", "norm_weight", "norm_bias", ]
  __buffers__ = []
  training : bool
  words : Tensor
  positions : Tensor
  segments : Tensor
  norm_weight : Tensor
  norm_bias : Tensor
  def forward(self: __torch__.Embeddings,
    ids: Tensor,
    first_lengths: Tensor) -> Tensor:
    positions = torch.arange(torch.size(ids, 1))
    behind = torch.ge(torch.unsqueeze(positions, 0), torch.unsqueeze(first_lengths, 1))
    return (self).at(ids, positions, torch.to(behind, 4), )
  # The same for tokens of which each says where it stands.
  def at(self: __torch__.Embeddings,
    ids: Tensor,
    positions: Tensor,
    segments: Tensor) -> Tensor:
    sum = torch.embedding(self.words, ids) + torch.embedding(self.positions, positions) + torch.embedding(self.segments, segments)
    return torch.layer_norm(sum, [${hidden}], self.norm_weight, self.norm_bias, ${epsilon})

# What is padding in a batch of sequences of different lengths, and the mean over what is not.
class Padding(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def present(self: __torch__.Padding,
    x: Tensor,
    lengths: Tensor) -> Tensor:
    return torch.lt(torch.unsqueeze(torch.arange(torch.size(x, 1)), 0), torch.unsqueeze(lengths, 1))
  def bias(self: __torch__.Padding,
    x: Tensor,
    lengths: Tensor) -> Tensor:
    absent = torch.logical_not((self).present(x, lengths, ))
    bias = torch.to(absent, 6) * -1.0e9
    return torch.type_as(torch.reshape(bias, [torch.size(x, 0), 1, 1, torch.size(x, 1)]), x)
  def mean(self: __torch__.Padding,
    x: Tensor,
    lengths: Tensor) -> Tensor:
    present = torch.unsqueeze(torch.to((self).present(x, lengths, ), 6), 2)
    return torch.sum(torch.to(x, 6) * present, [1]) / torch.unsqueeze(torch.to(lengths, 6), 1)

class Layer(Module):
  __parameters__ = ["attention_norm_weight", "attention_norm_bias", "output_norm_weight", "output_norm_bias", ]
  __buffers__ = []
  training : bool
  qkv : __torch__.Dense
  attention_output : __torch__.Dense
  feed_forward : __torch__.FeedForward
  attention_norm_weight : Tensor
  attention_norm_bias : Tensor
  output_norm_weight : Tensor
  output_norm_bias : Tensor
  def prepare(self: __torch__.Layer) -> NoneType:
    _0 = (self.qkv).prepare()
    _1 = (self.attention_output).prepare()
    _2 = (self.feed_forward).prepare()
    return None
  # (batch, length, hidden) -> (batch, heads, length, head)
  def heads(self: __torch__.Layer,
    x: Tensor) -> Tensor:
    split = torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), ${heads}, ${head-width}])
    return torch.permute(split, [0, 2, 1, 3])
  def attend(self: __torch__.Layer,
    x: Tensor,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    bias: Tensor) -> Tensor:
    context = torch.scaled_dot_product_attention((self).heads(query, ), (self).heads(key, ), (self).heads(value, ), bias)
    merged = torch.reshape(torch.permute(context, [0, 2, 1, 3]), [torch.size(x, 0), torch.size(x, 1), ${hidden}])
    return (self).finish(x, merged, )
  # What follows attention.
  def finish(self: __torch__.Layer,
    x: Tensor,
    merged: Tensor) -> Tensor:
    attended = torch.layer_norm(torch.add_((self.attention_output).forward(merged, ), x), [${hidden}], self.attention_norm_weight, self.attention_norm_bias, ${epsilon})
    return torch.layer_norm((self.feed_forward).forward(attended, ), [${hidden}], self.output_norm_weight, self.output_norm_bias, ${epsilon})
  def forward(self: __torch__.Layer,
    x: Tensor,
    bias: Tensor) -> Tensor:
    qkv = (self.qkv).forward(x, )
    query = torch.slice(qkv, 2, 0, ${hidden})
    key = torch.slice(qkv, 2, ${hidden}, 2 * ${hidden})
    value = torch.slice(qkv, 2, 2 * ${hidden}, 3 * ${hidden})
    return (self).attend(x, query, key, value, bias, )
  # The layer for texts end to end, without padding: x is (tokens, hidden), and the i-th counts[i] texts have lengths[i] tokens each.
  def packed(self: __torch__.Layer,
    x: Tensor,
    counts: List[int],
    lengths: List[int]) -> Tensor:
    qkv = (self.qkv).forward(x, )
    contexts = annotate(List[Tensor], [])
    start = 0
    for i in range(torch.len(counts)):
      rows = counts[i]
      end = torch.add(start, torch.mul(rows, lengths[i]))
      texts = torch.reshape(torch.slice(qkv, 0, start, end), [rows, lengths[i], 3, ${heads}, ${head-width}])
      split = torch.permute(texts, [2, 0, 3, 1, 4])
      context = torch.scaled_dot_product_attention(torch.select(split, 0, 0), torch.select(split, 0, 1), torch.select(split, 0, 2))
      _0 = torch.append(contexts, torch.reshape(torch.permute(context, [0, 2, 1, 3]), [torch.sub(end, start), ${hidden}]))
      start = end
    return (self).finish(x, torch.cat(contexts, 0), )
  # The low-rank product of LoRA (Hu et al. 2021): alpha / rank * x A^T B^T.
  def low_rank(self: __torch__.Layer,
    x: Tensor,
    a: Tensor,
    b: Tensor) -> Tensor:
    return torch.linear(torch.linear(x, torch.reshape(a, [-1, ${hidden}])), torch.reshape(b, [${hidden}, -1])) * ${scaling}
  # The same with factors of its own for every row: (batch, rank * hidden) each.
  def low_rank_each(self: __torch__.Layer,
    x: Tensor,
    a: Tensor,
    b: Tensor) -> Tensor:
    rows = torch.size(x, 0)
    down = torch.bmm(x, torch.transpose(torch.reshape(a, [rows, -1, ${hidden}]), 1, 2))
    return torch.bmm(down, torch.transpose(torch.reshape(b, [rows, ${hidden}, -1]), 1, 2)) * ${scaling}
  # The layer with what is added to its query and its value.
  def adapted(self: __torch__.Layer,
    x: Tensor,
    bias: Tensor,
    to_query: Tensor,
    to_value: Tensor) -> Tensor:
    qkv = (self.qkv).forward(x, )
    query = torch.slice(qkv, 2, 0, ${hidden}) + to_query
    key = torch.slice(qkv, 2, ${hidden}, 2 * ${hidden})
    value = torch.slice(qkv, 2, 2 * ${hidden}, 3 * ${hidden}) + to_value
    return (self).attend(x, query, key, value, bias, )
