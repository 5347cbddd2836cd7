# The frozen encoder, taking the adapter and the head as one flat vector of parameters.
class Trainer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  embeddings : __torch__.Embeddings
  padding : __torch__.Padding
${layer-attributes}
  # The hidden states below the lowest adapted layer, which no parameter changes.
  def frozen(self: __torch__.Trainer,
    ids: Tensor,
    lengths: Tensor) -> Tensor:
    x = (self.embeddings).forward(ids, )
    bias = (self.padding).bias(x, lengths, )
${frozen-calls}
    return x
  def logits(self: __torch__.Trainer,
    hidden: Tensor,
    lengths: Tensor,
    parameters: Tensor) -> Tensor:
    parts = torch.split_with_sizes(parameters, [${part-sizes}], 0)
    x = hidden
    bias = (self.padding).bias(x, lengths, )
${adapted-calls}
    pooled = (self.padding).mean(x, lengths, )
    return torch.linear(pooled, torch.reshape(parts[-2], [-1, ${hidden}]), parts[-1])
  # The same with parameters of its own for every row, (batch, parameters): a gradient by them is one for every row.
  def logits_each(self: __torch__.Trainer,
    hidden: Tensor,
    lengths: Tensor,
    parameters: Tensor) -> Tensor:
    rows = torch.size(hidden, 0)
    parts = torch.split_with_sizes(parameters, [${part-sizes}], 1)
    x = hidden
    bias = (self.padding).bias(x, lengths, )
${adapted-calls-each}
    pooled = torch.unsqueeze((self.padding).mean(x, lengths, ), 2)
    return torch.squeeze(torch.bmm(torch.reshape(parts[-2], [rows, -1, ${hidden}]), pooled), 2) + parts[-1]
  # The summed cross-entropy.
  def loss(self: __torch__.Trainer,
    hidden: Tensor,
    lengths: Tensor,
    labels: Tensor,
    parameters: Tensor) -> Tensor:
    loss = torch.cross_entropy_loss((self).logits(hidden, lengths, parameters, ), labels, None, 2)
    return torch.reshape(loss, [1])
  # The summed cross-entropy followed by its gradient, in one vector.
  def gradient(self: __torch__.Trainer,
    hidden: Tensor,
    lengths: Tensor,
    labels: Tensor,
    parameters: Tensor) -> Tensor:
    variable = torch.requires_grad_(torch.detach(parameters))
    loss = torch.cross_entropy_loss((self).logits(hidden, lengths, variable, ), labels, None, 2)
    gradients = torch.grad([loss], [variable], None, False, False, False)
    gradient = unchecked_cast(Tensor, gradients[0])
    return torch.cat([torch.reshape(torch.detach(loss), [1]), gradient], 0)
  # The gradient of every row's cross-entropy, (batch, parameters), by one pass backwards.
  def gradients(self: __torch__.Trainer,
    hidden: Tensor,
    lengths: Tensor,
    labels: Tensor,
    parameters: Tensor) -> Tensor:
    copies = torch.expand(torch.unsqueeze(parameters, 0), [torch.size(hidden, 0), -1])
    variable = torch.requires_grad_(torch.detach(copies))
    loss = torch.cross_entropy_loss((self).logits_each(hidden, lengths, variable, ), labels, None, 2)
    gradients = torch.grad([loss], [variable], None, False, False, False)
    return unchecked_cast(Tensor, gradients[0])
