# The encoder with the adapter merged into its weights, mean pooling and a linear head.
class Classifier(Module):
  __parameters__ = ["head_weight", "head_bias", ]
  __buffers__ = []
  training : bool
  embeddings : __torch__.Embeddings
  padding : __torch__.Padding
${layer-attributes}
  head_weight : Tensor
  head_bias : Tensor
  def prepare(self: __torch__.Classifier) -> Tensor:
${prepare-layers}
    return torch.empty([0])
  def hidden(self: __torch__.Classifier,
    ids: Tensor,
    lengths: Tensor) -> Tensor:
    x = (self.embeddings).forward(ids, )
    bias = (self.padding).bias(x, lengths, )
${layer-calls}
    return torch.to(x, 6)
  def logits(self: __torch__.Classifier,
    ids: Tensor,
    lengths: Tensor) -> Tensor:
    pooled = (self.padding).mean((self).hidden(ids, lengths, ), lengths, )
    return torch.linear(pooled, self.head_weight, self.head_bias)
  def forward(self: __torch__.Classifier,
    ids: Tensor,
    lengths: Tensor) -> Tensor:
    return torch.softmax((self).logits(ids, lengths, ), 1)
